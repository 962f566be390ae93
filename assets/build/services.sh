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
  # a configuration of its own: the logins for the image run at the same time, and Docker writes one file
  export DOCKER_CONFIG="$home/services/docker"
  for name in "${services[@]}"; do
    "$newest" -c 'import secrets; print(secrets.token_hex(16))' > "$home/services/$name.password"
    describe_service "$name"
    log_in_for_service
    docker pull --quiet "$image" > "$home/services/$name.pull" 2>&1 &
    pulls+=("$name:$!")
  done
  for pull in "${pulls[@]}"; do
    describe_service "${pull%%:*}"
    wait "${pull#*:}" || explain_pull "${pull%%:*}"
  done
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

# the public gallery needs no login
log_in_for_service() {
  case "${image%%/*}" in
    public.ecr.aws) ;;
    *.dkr.ecr.*)
      explain "~the login to the registry of the image $image failed: see the log"
      aws ecr get-login-password | docker login --username AWS --password-stdin "${image%%/*}"
      ;;
    *.*) ;;
    *) log_in_to_docker_hub ;;
  esac
}

# a registry also answers that access is denied for a repository that does not exist
explain_pull() {
  cat "$home/services/$1.pull"
  explain "~the image $image of the service $1 could not be pulled: see the log"
  ! grep -Eiq 'manifest unknown|not found|does not exist|access denied|not authorized|denied:' "$home/services/$1.pull" \
    || explain "the registry has no image $image for the service $1, or the build must not pull it: change the image, or call repository.grantPull(pipeline.buildProject)"
  exit 1
}

start_service() {
  local options=() each
  explain "~the container of the service $1 could not be started: see the log"
  for each in "${environment[@]}"; do options+=(--env "${each//\{password\}/$password}"); done
  for each in "${tmpfs[@]}"; do options+=(--tmpfs "$each"); done
  docker run --detach --name "$container" --publish "127.0.0.1::$port" "${options[@]}" "$image" "${arguments[@]}"
}

# the port in the container, because Docker accepts connections to the published port before anything listens in the container
answers() {
  local address
  if [ "${#health[@]}" -gt 0 ]; then
    timeout 20 docker exec "$container" "${health[@]}" > /dev/null 2>&1
  else
    address="$(docker inspect --format '{{range .NetworkSettings.Networks}}{{.IPAddress}}{{end}}' "$container")"
    "$newest" -c 'import socket, sys; socket.create_connection((sys.argv[1], int(sys.argv[2])), 2)' "$address" "$port" 2> /dev/null
  fi
}

await_service() {
  local deadline=$((SECONDS + seconds))
  while ! answers; do
    if [ "$(docker inspect --format '{{.State.Running}}' "$container")" != true ]; then
      explain "the service $1 ($image) exited before it was ready, with the last line: $(last_words)"
      exit 1
    elif [ "$SECONDS" -ge "$deadline" ]; then
      explain "the service $1 ($image) was not ready after $seconds seconds, with the last line: $(last_words)"
      exit 1
    fi
    sleep 0.3
  done
}

# without the characters that move the cursor or change colors
last_words() {
  docker logs --tail 20 "$container" 2>&1 | tr -d '\000-\010\013-\037' | grep '[^[:space:]]' | tail -n 1 | cut -c 1-200 || true
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

# waits for the services, and exports their variables to the tests
services_ready() {
  local job
  wanted services || return 0
  for job in "${jobs[@]}"; do
    case "$job" in services:*) wait "${job#*:}" || true ;; esac
  done
  services_passed || return 1
  # shellcheck source=/dev/null
  . "$home/services/variables"
}

services_passed() {
  [ "$(cat "$gates/services" 2> /dev/null || echo passed)" = passed ]
}

# keeps the logs of a build whose tests or services failed
remove_services() {
  local name container
  for name in "${services[@]}"; do
    container="$(container_of "$name")"
    docker inspect "$container" > /dev/null 2>&1 || continue
    [ "$(cat "$gates/services" "$gates/pytest" 2> /dev/null)" = $'passed\npassed' ] || docker logs --timestamps "$container" > "$reports/service-$name.log" 2>&1 || true
    docker rm --force --volumes "$container" > /dev/null || true
  done
}
