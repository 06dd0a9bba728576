# shellcheck shell=bash
# Sourced by ./cairn, ./check and scripts/*: finds a JDK 25 and the pinned Maven, and runs Maven with short progress.
# Needs CAIRN_ROOT (the root of the source tree). Sets JAVA_HOME and MAVEN.

readonly CAIRN_JAVA=25
readonly CAIRN_MAVEN=3.9.16

say() { printf '%s\n' "$*" >&2; }

die() { say "$*"; exit 2; }

# True where $1 is a JDK of the release we need. Reads its `release` file: asking java itself costs 40 ms each.
is_jdk() {
  local line
  [[ -x "$1/bin/javac" && -r "$1/release" ]] || return 1
  while IFS= read -r line; do
    if [[ $line == "JAVA_VERSION=\"$CAIRN_JAVA\""* || $line == "JAVA_VERSION=\"$CAIRN_JAVA."* ]]; then return 0; fi
  done <"$1/release"
  return 1
}

# Sets and exports JAVA_HOME, or ends with the sentence that says what to install.
find_jdk() {
  local candidate java
  if [[ -n ${JAVA_HOME:-} ]] && is_jdk "$JAVA_HOME"; then return 0; fi
  local candidates=()
  if java=$(command -v java) && java=$(readlink -f "$java" 2>/dev/null); then candidates+=("${java%/bin/java}"); fi
  if [[ -n ${CAIRN_JDK_DIRS:-} ]]; then
    for candidate in $CAIRN_JDK_DIRS; do candidates+=("$candidate"/*); done
  else
    candidates+=(/usr/lib/jvm/* /usr/java/* /opt/* /opt/java/* /usr/local/*jdk*
      "$HOME"/.sdkman/candidates/java/* "$HOME"/.jdks/* "$HOME"/.asdf/installs/java/*
      "$HOME"/.local/share/mise/installs/java/* /Library/Java/JavaVirtualMachines/*/Contents/Home)
  fi
  for candidate in "${candidates[@]}"; do
    if is_jdk "$candidate"; then
      export JAVA_HOME=$candidate
      return 0
    fi
  done
  if [[ -x /usr/libexec/java_home ]] && candidate=$(/usr/libexec/java_home -v $CAIRN_JAVA 2>/dev/null) &&
    is_jdk "$candidate"; then
    export JAVA_HOME=$candidate
    return 0
  fi
  die "Cairn needs a JDK $CAIRN_JAVA and found none: install one (Eclipse Temurin $CAIRN_JAVA, for example)" \
    "or point JAVA_HOME at it."
}

# The place where the wrapper looks for the pinned Maven: a directory named by the hash of its address.
maven_home() {
  local url='' key value i code hash=0
  while IFS='=' read -r key value; do
    if [[ $key == distributionUrl ]]; then url=$value; fi
  done <"$CAIRN_ROOT/.mvn/wrapper/maven-wrapper.properties"
  for ((i = 0; i < ${#url}; i++)); do
    printf -v code %d "'${url:i:1}"
    hash=$(((hash * 31 + code) % 4294967296))
  done
  printf '%s/wrapper/dists/apache-maven-%s/%x' "${MAVEN_USER_HOME:-$HOME/.m2}" "$CAIRN_MAVEN" "$hash"
}

# Fetches the pinned Maven by its coordinates through the older one on the PATH, which knows the mirrors of this
# machine, checks it against the pinned digest, and lays it where the wrapper finds it.
fetch_maven() {
  local home=$1 scratch zip digest expected
  scratch=$(mktemp -d) || return 1
  say "Fetching Maven $CAIRN_MAVEN (once)"
  expected=$(sed -n 's/^distributionSha256Sum=//p' "$CAIRN_ROOT/.mvn/wrapper/maven-wrapper.properties")
  zip=$scratch/apache-maven-$CAIRN_MAVEN-bin.zip
  if (cd "$scratch" && mvn -B -q org.apache.maven.plugins:maven-dependency-plugin:3.8.1:copy \
    -Dartifact="org.apache.maven:apache-maven:$CAIRN_MAVEN:zip:bin" -DoutputDirectory="$scratch") \
    </dev/null >"$scratch/log" 2>&1 &&
    read -r digest _ < <(sha256sum "$zip") && [[ $digest == "$expected" ]] &&
    (cd "$scratch" && "$JAVA_HOME/bin/jar" xf "$zip") &&
    chmod +x "$scratch/apache-maven-$CAIRN_MAVEN"/bin/mvn* && mkdir -p "${home%/*}"; then
    mv -T "$scratch/apache-maven-$CAIRN_MAVEN" "$home" 2>/dev/null
  fi
  rm -rf "$scratch"
  [[ -x $home/bin/mvn ]]
}

# Sets MAVEN to the command that runs the pinned Maven, fetching it at first use.
find_maven() {
  local home version
  home=$(maven_home)
  MAVEN=$home/bin/mvn
  if [[ -x $MAVEN ]]; then return 0; fi
  if [[ -z ${MVNW_REPOURL:-} ]] && version=$(mvn --version 2>/dev/null) &&
    [[ $version =~ Apache\ Maven\ 3\.([0-9]+)\. ]] && ((BASH_REMATCH[1] >= 6)) && fetch_maven "$home"; then
    return 0
  fi
  MAVEN=$CAIRN_ROOT/mvnw
  if ! version=$("$MAVEN" --version 2>&1); then
    die "Maven $CAIRN_MAVEN, which builds Cairn, could not be fetched (${version##*$'\n'}): check the network," \
      "or install any Maven from 3.6 on (apt-get install maven)," \
      "or set MVNW_REPOURL to your mirror of the Maven repository."
  fi
}

# run_maven LOG ARGS...: runs Maven, its output in LOG; prints one line per module with the seconds since the start.
# Ends Maven when this shell is told to end, or LIMIT seconds after it began where LIMIT is set (status 124).
# Returns Maven's status.
run_maven() {
  local log=$1 pid line='' part status=0 late=no end=$((SECONDS + ${LIMIT:-1000000}))
  shift
  mkdir -p "${log%/*}"
  : >"$log"
  (cd "$CAIRN_ROOT" && exec "$MAVEN" -B -Dstyle.color=never "$@") </dev/null >"$log" 2>&1 &
  pid=$!
  # shellcheck disable=SC2064 # the pid of now is meant
  trap "kill $pid 2>/dev/null; wait $pid; exit 143" INT TERM HUP
  exec 8<"$log"
  while :; do
    while IFS= read -r part <&8 || { line+=$part; false; }; do
      report_progress "$line$part"
      line=''
    done
    if ! kill -0 "$pid" 2>/dev/null; then break; fi
    if ((SECONDS >= end)); then
      late=yes
      kill "$pid" 2>/dev/null || true
    fi
    sleep 0.2
  done
  wait "$pid" || status=$?
  if [[ $late == yes ]]; then status=124; fi
  while IFS= read -r part <&8; do report_progress "$line$part"; line=''; done
  exec 8<&-
  trap - INT TERM HUP
  return "$status"
}

report_progress() {
  if [[ $1 =~ ^\[INFO\]\ Building\ ([^ ]+)\ .*\[([0-9]+)/([0-9]+)\] ]]; then
    printf '  %4ds  %2d/%d  %s\n' "$((SECONDS - ${STARTED:-0}))" "${BASH_REMATCH[2]}" "${BASH_REMATCH[3]}" \
      "${BASH_REMATCH[1]#cairn-}" >&2
  fi
}

# show_errors LOG: what a person needs of a failed build, without Maven's own advice.
show_errors() {
  local advice='^\[ERROR\] *$|Re-run Maven|\[Help 1\]|full stack trace|For more information|After correcting|mvn <args>'
  grep -E '^\[ERROR\]|^error:' "$1" | grep -vE "$advice" |
    awk '!seen[$0]++' | head -60 >&2 || true
  say "(the whole log: ${1#"$CAIRN_ROOT"/})"
}
