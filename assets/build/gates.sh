#!/usr/bin/env bash
# The gates beside the tests, the image, and its scan.

check_bandit() {
  local answer options=() configured='' refused=''
  gate=bandit
  explain '~bandit could not run: see the log'
  # the copy of the source that no test writes to
  cd "$home/image/$PROJECT_DIRECTORY"
  answer="$("$newest" -E "$home/bandit_options.py" "$home")"
  eval "$answer"
  [ -z "$refused" ] || reject_bandit_configuration "$refused"
  options+=(--recursive --quiet --exit-zero)
  tool 'bandit[toml,sarif]==1.9.4' "$home/bandit_reports.py" "$reports" "${options[@]}" \
    || { [ "$?" != 2 ] || [ -z "$configured" ] || ! grep -q $'\tERROR\t' "$logs/bandit" || reject_bandit_configuration "$configured"; exit 1; }
  judge bandit "$reports/bandit.json" "$BANDIT_SEVERITY"
}

reject_bandit_configuration() {
  explain "bandit rejects the configuration in $1: fix it as the log says"
  exit 1
}

check_audit() {
  gate=audit
  # without a report, the judge says that the source could not be reached
  "$newest" -E "$home/audit.py" "${audit_source[@]}" "$production" "$reports/audit.json" || true
  judge audit "$reports/audit.json" "$WHEN_UNAUDITED" "${ignored_vulnerabilities[@]}"
}

check_sbom() {
  gate=sbom
  explain '~the SBOM could not be written: see the log'
  tool cyclonedx-python-lib==11.12.0 "$home/sbom.py" "$production" "$reports/sbom.json"
  explain passed
}

# a file that is missing does not appear when the build is retried
find_dockerfile() {
  local file="$PROJECT_DIRECTORY/$DOCKERFILE" others
  if [ ! -f "$file" ]; then
    # the option is relative to the project
    others="$(find . \( -name node_modules -o -name .git \) -prune -o -type f \( -iname 'Dockerfile*' -o -iname '*.Dockerfile' -o -name Containerfile \) -print \
      | sort | head -n 3 | while read -r file; do realpath --relative-to "$PROJECT_DIRECTORY" "$file"; done | paste -s -d ' ')"
    explain "there is no Dockerfile at ${file#./}: add it, or set dockerfile"
    [ -z "$others" ] || explain "there is no Dockerfile at ${file#./}: set dockerfile, the repository has $others"
    exit 1
  fi
  explain "there is no directory $IMAGE_CONTEXT for the image: set imageContext"
  [ -d "$IMAGE_CONTEXT" ]
}

check_image() {
  local last commit=()
  gate=image
  cd "$home/image"
  find_dockerfile
  explain '~the login to the registry failed: see the log'
  aws ecr get-login-password | docker login --username AWS --password-stdin "${IMAGE_REPOSITORY%%/*}"
  log_in_to_docker_hub
  trap 'rm -rf "$home/secrets"' EXIT
  read_build_secrets
  explain '~the image could not be built: see the log, and fix the Dockerfile'
  if [ "$CACHED" = yes ]; then
    build_options+=(--build-arg BUILDKIT_INLINE_CACHE=1)
    last="$(keep "$last_image" - 2> /dev/null || true)"
    [ -z "$last" ] || build_options+=(--cache-from "$last")
  fi
  [ -z "$image_target" ] || build_options+=(--target "$image_target")
  # an empty argument would override the default of the Dockerfile
  [ -z "${CODEBUILD_RESOLVED_SOURCE_VERSION:-}" ] || commit=(--build-arg "SOURCE_VERSION=$CODEBUILD_RESOLVED_SOURCE_VERSION")
  # before the options of the user, since the last of two equal arguments counts
  docker build --pull --tag "$IMAGE" --file "$PROJECT_DIRECTORY/$DOCKERFILE" "${commit[@]}" "${build_options[@]}" "$IMAGE_CONTEXT" || { explain_image; exit 1; }
  explain passed
}

# BuildKit reads a secret from a file, which only the user of the build can read until the image is built
read_build_secret() {
  local file="$home/secrets/$1"
  mkdir -p -m 700 "$home/secrets"
  # the line break at the end is from the command line of AWS
  { umask 077; "$2" | head -c -1 > "$file"; } &
  wait "$!" || { forget_retry; exit 1; }
  build_secrets+=("$1")
  build_options+=(--secret "id=$1,src=$file")
}

# what does not exist will not exist for a retry
forget_retry() {
  ! grep -Eq 'ParameterNotFound|ResourceNotFoundException|AccessDenied|JSONDecodeError|KeyError|TypeError' "$logs/image" || explain "$(sed 's/^~//' "$gates/image")"
}

explain_image() {
  local cause
  cause="$("$newest" -E "$home/image_failure.py" "$logs/image" "$PROJECT_DIRECTORY/$DOCKERFILE" "$image_target" "${build_secrets[@]}" || true)"
  [ -z "$cause" ] || explain "$cause"
}

push() {
  gate=push
  explain '~the registry rejected the image: see the log'
  docker push "$IMAGE"
  explain passed
}

scan() {
  local attempt status
  gate=scan
  find_pythons
  explain '~the registry did not scan the image within ten minutes: enable scan on push, and see the ECR console'
  for attempt in {1..120}; do
    if read_scan; then
      status="$("$newest" -I -c 'import json, sys; print(json.load(sys.stdin)["imageScanStatus"]["status"])' < "$reports/image-scan.json" || true)"
      case "$status" in
        '' | PENDING | IN_PROGRESS) ;;
        *) judge scan "$reports/image-scan.json" "$IMAGE_SCAN_SEVERITY" "${ignored_vulnerabilities[@]}"; break ;;
      esac
    elif ! grep -q ScanNotFoundException "$logs/scan"; then
      explain '~the findings of the image scan could not be read: see the log'
      break
    fi
    sleep 5
  done
  [ "$(cat "$gates/scan")" = passed ]
}

read_scan() {
  local status=0
  # a background process could still be writing the error when it is read
  aws ecr describe-image-scan-findings --repository-name "${IMAGE_REPOSITORY#*/}" --image-id "imageDigest=$IMAGE_DIGEST" --output json \
    > "$reports/image-scan.json" 2> "$logs/scan" || status="$?"
  cat "$logs/scan" >&2
  return "$status"
}
