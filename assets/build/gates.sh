#!/usr/bin/env bash
# The gates beside the tests, the image, and its scan.

check_bandit() {
  local own options format
  gate=bandit
  explain '~bandit could not run: see the log'
  # the copy of the source that no test writes to
  cd "$home/image/$PROJECT_DIRECTORY"
  # globs, because the paths start with ./ and plain names would exclude nothing; this list replaces the list of a .bandit file
  own="$(sed -n 's/^ *exclude *[=:] *//p' .bandit 2> /dev/null || true)"
  options=(--recursive . --quiet --exit-zero)
  options+=(--exclude "*/.venv/*,*/venv/*,*/node_modules/*,*/tests/*,*/test/*,*/test_*.py,*/tests.py,*/conftest.py${own:+,$own}")
  [ ! -f pyproject.toml ] || options+=(--configfile pyproject.toml)
  for format in json sarif; do
    tool 'bandit[toml,sarif]==1.9.4' bandit "${options[@]}" --format "$format" --output "$reports/bandit.$format"
  done
  judge bandit "$reports/bandit.json" "$BANDIT_SEVERITY"
}

check_audit() {
  gate=audit
  # the exit code is the same for a finding and for an unreachable source, so the report decides
  tool pip-audit==2.10.1 pip-audit --requirement "$production" --no-deps --disable-pip --progress-spinner off "${audit_source[@]}" \
    --cache-dir "$home/audit" --format json --output "$reports/audit.json" || true
  judge audit "$reports/audit.json" "$WHEN_UNAUDITED" "${ignored_vulnerabilities[@]}"
}

check_sbom() {
  gate=sbom
  explain '~the SBOM could not be written: see the log'
  tool cyclonedx-bom==7.5.0 cyclonedx-py requirements "$production" --output-file "$reports/sbom.json"
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
  explain '~the image could not be built: see the log, and fix the Dockerfile'
  if [ "$CACHED" = yes ]; then
    build_options+=(--build-arg BUILDKIT_INLINE_CACHE=1)
    last="$(keep "$last_image" - 2> /dev/null || true)"
    [ -z "$last" ] || build_options+=(--cache-from "$last")
  fi
  # an empty argument would override the default of the Dockerfile
  [ -z "${CODEBUILD_RESOLVED_SOURCE_VERSION:-}" ] || commit=(--build-arg "SOURCE_VERSION=$CODEBUILD_RESOLVED_SOURCE_VERSION")
  # before the options of the user, since the last of two equal arguments counts
  docker build --pull --tag "$IMAGE" --file "$PROJECT_DIRECTORY/$DOCKERFILE" "${commit[@]}" "${build_options[@]}" "$IMAGE_CONTEXT"
  explain passed
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
      status="$("$newest" -c 'import json, sys; print(json.load(sys.stdin)["imageScanStatus"]["status"])' < "$reports/image-scan.json" || true)"
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
