#!/usr/bin/env bash
# The services that the tests use, in containers of the build's own Docker engine.

container_of() {
  printf 'delivery-%s-%s' "$1" "${home##*/}"
}

# reads the settings of a service, and the password that this build has generated for it
describe_service() {
  "describe_service_$1"
  container="$(container_of "$1")"
  password="$(cat "$home/services/$1.password")"
}

# starts all services, and writes the variables of the tests when each service is ready
check_services() {
  local name pull pulls=() image port environment arguments health tmpfs variables seconds container password
  gate=services
  explain '~the services of the tests could not be started: see the log'
  mkdir -p "$home/services"
  # who removes the services ends this process first, so that it starts none afterwards
  printf %s "$BASHPID" > "$home/services/process"
  trap 'rm -rf "$home/services/process" "$home/services/docker"' EXIT
  trap 'exit 143' TERM
  # a configuration of its own: the logins for the image run at the same time, and Docker writes one file
  export DOCKER_CONFIG="$home/services/docker"
  for name in "${services[@]}"; do
    "$newest" -I -c 'import secrets; print(secrets.token_hex(16))' > "$home/services/$name.password"
    describe_service "$name"
    log_in_for_service
    docker pull --quiet "$image" > "$home/services/$name.pull" 2>&1 &
    pulls+=("$name:$!")
  done
  for pull in "${pulls[@]}"; do
    describe_service "${pull%%:*}"
    wait "${pull#*:}" || explain_pull "${pull%%:*}"
  done
  # the tests run as the same user
  rm -rf "$DOCKER_CONFIG"
  for name in "${services[@]}"; do
    describe_service "$name"
    start_service "$name"
  done
  for name in "${services[@]}"; do
    describe_service "$name"
    await_service "$name"
    write_variables "$name"
  done
  explain passed
}

# the first part of a name is a registry only if it could be no part of a name at Docker Hub; the public gallery needs no login
log_in_for_service() {
  local registry=docker.io
  case "$image" in
    localhost/*) registry=localhost ;;
    */*) case "${image%%/*}" in *[.:]*) registry="${image%%/*}" ;; esac ;;
  esac
  case "$registry" in
    docker.io | index.docker.io | registry-1.docker.io) log_in_to_docker_hub ;;
    *.dkr.ecr.*)
      explain "~the login to the registry of the image $image failed: see the log"
      aws ecr get-login-password | docker login --username AWS --password-stdin "$registry"
      ;;
  esac
}

# a registry also answers that access is denied for a repository that does not exist
explain_pull() {
  local answer="$home/services/$1.pull"
  cat "$answer"
  explain "~the image $image of the service $1 could not be pulled: see the log"
  if grep -iq 'no matching manifest' "$answer"; then
    explain "the image $image of the service $1 does not exist for the architecture of the build: change the image"
  elif grep -Eiq 'manifest unknown|not found|does not exist|access denied|not authorized|unauthorized|403 Forbidden|denied:' "$answer"; then
    explain "the registry has no image $image for the service $1, or the build is not allowed to pull it: change the image, or call repository.grantPull(pipeline.buildProject)"
  fi
  exit 1
}

start_service() {
  local options=() each
  explain "~the container of the service $1 could not be started: see the log"
  for each in "${environment[@]}"; do options+=(--env "${each//\{password\}/$password}"); done
  for each in "${tmpfs[@]}"; do options+=(--tmpfs "$each"); done
  docker run --detach --name "$container" --publish "127.0.0.1::$port" "${options[@]}" "$image" "${arguments[@]//\{password\}/$password}"
}

# a service is ready if its health command succeeds, and its port in the container accepts connections
# Docker accepts connections to the published port before anything listens in the container
answers() {
  local address
  if [ "${#health[@]}" -gt 0 ]; then
    timeout 20 docker exec "$container" "${health[@]//\{password\}/$password}" > "$home/services/$1.health" 2>&1 || return
  fi
  echo "nothing accepts connections on port $port" > "$home/services/$1.health"
  address="$(docker inspect --format '{{range .NetworkSettings.Networks}}{{.IPAddress}}{{end}}' "$container")"
  "$newest" -I -c 'import socket, sys; socket.create_connection((sys.argv[1], int(sys.argv[2])), 2)' "$address" "$port" 2> /dev/null || return 1
}

await_service() {
  local deadline=$((SECONDS + seconds)) code check
  while true; do
    code=0
    answers "$1" || code=$?
    [ "$code" != 0 ] || return 0
    check="$(last_line < "$home/services/$1.health")"
    check="${check:-the healthCommand printed nothing}"
    if [ "$(docker inspect --format '{{.State.Running}}' "$container")" != true ]; then
      explain "the service $1 ($image) exited before it was ready, with the last line: $(last_words)"
      exit 1
    elif [ "$code" = 126 ] || [ "$code" = 127 ]; then
      explain "the healthCommand of the service $1 ($image) could not run: $check"
      exit 1
    elif [ "$SECONDS" -ge "$deadline" ]; then
      explain "the service $1 ($image) was not ready after $seconds seconds, with the last line: $(last_words); the last check: $check"
      exit 1
    fi
    sleep 0.3
  done
}

last_words() {
  docker logs --tail 20 "$container" 2>&1 | last_line
}

# without the characters that move the cursor or change colors
last_line() {
  tr -d '\000-\010\013-\037' | grep '[^[:space:]]' | tail -n 1 | cut -c 1-200 || true
}

write_variables() {
  local each value address
  explain "~the port of the service $1 is unknown: see the log"
  address="$(docker port "$container" "$port/tcp" | grep -m 1 '^127\.0\.0\.1:')"
  for each in "${variables[@]}"; do
    value="${each#*=}"
    value="${value//\{host\}/127.0.0.1}"
    value="${value//\{port\}/${address##*:}}"
    printf 'export %s=%q\n' "${each%%=*}" "${value//\{password\}/$password}" >> "$home/services/variables"
  done
}

# waits for the services
services_ready() {
  local job
  wanted services || return 0
  for job in "${jobs[@]}"; do
    case "$job" in services:*) wait "${job#*:}" || true ;; esac
  done
  services_passed
}

# the variables for the tests, which only their own shell gets: the program has variables with the names of tools, too
export_service_variables() {
  wanted services || return 0
  # shellcheck source=/dev/null
  . "$home/services/variables"
}

services_passed() {
  [ "$(cat "$gates/services" 2> /dev/null || echo passed)" = passed ]
}

# a command of Docker that runs ends before its shell does
end_services() {
  local process
  process="$(cat "$home/services/process" 2> /dev/null)" || return 0
  kill "$process" 2> /dev/null || return 0
  timeout 60 tail --pid="$process" -s 0.2 -f /dev/null || true
}

# keeps the logs of a build whose tests or services failed
remove_services() {
  local name container
  end_services
  for name in "${services[@]}"; do
    container="$(container_of "$name")"
    docker inspect "$container" > /dev/null 2>&1 || continue
    [ "$(cat "$gates/services" "$gates/pytest" 2> /dev/null)" = $'passed\npassed' ] || docker logs --timestamps "$container" > "$reports/service-$name.log" 2>&1 || true
    docker rm --force --volumes "$container" > /dev/null || true
  done
}
