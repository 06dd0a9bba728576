# shellcheck shell=bash
# Sourced by ./cairn: keeps dist/dev (lib/, native/, start-up caches) up to date with the sources.
# Needs CAIRN_ROOT, JAVA_HOME and scripts/toolchain.sh.

readonly BUILD_DIR=$CAIRN_ROOT/dist
readonly BUILD_STAMP=$BUILD_DIR/dev/stamp

# Prints one source file or directory newer than the build, or nothing. Directories count: a deletion changes its own.
newer_source() {
  local sources=("$CAIRN_ROOT"/*/src/main)
  find "${sources[@]}" "$CAIRN_ROOT/pom.xml" "$CAIRN_ROOT"/*/pom.xml "$CAIRN_ROOT/scripts/Assemble.java" \
    -newer "$BUILD_STAMP" -print -quit 2>/dev/null
}

build_is_stale() {
  [[ ! -f $BUILD_STAMP ]] || [[ $(<"$BUILD_STAMP") != "$JAVA_HOME" ]] || [[ -n $(newer_source) ]]
}

build_when_stale() {
  if ! build_is_stale; then return 0; fi
  mkdir -p "$BUILD_DIR"
  # Two commands at once build once: the second waits for the lock and then finds the build fresh.
  (
    if command -v flock >/dev/null; then flock 9; fi
    if build_is_stale; then build; fi
  ) 9>"$BUILD_DIR/lock" || exit $?
}

build() {
  local fresh=$BUILD_DIR/dev.new log=$BUILD_DIR/build.log
  STARTED=$SECONDS
  rm -rf "$fresh"
  mkdir -p "$fresh"
  # The stamp is as old as the start of the build: what is edited meanwhile is built next time.
  printf '%s' "$JAVA_HOME" >"$fresh/stamp"
  find_maven
  say "Building Cairn with $JAVA_HOME"
  if ! run_maven "$log" -T2 -Dquick -Dcairn.lib="$BUILD_DIR/jars" -Dmaven.test.skip=true -pl cli -am package; then
    show_errors "$log"
    die "Cairn could not be built."
  fi
  "$JAVA_HOME/bin/java" -XX:TieredStopAtLevel=1 "$CAIRN_ROOT/scripts/Assemble.java" "$BUILD_DIR/jars" "$fresh" \
    >"$BUILD_DIR/assemble.log" || die "The jars could not be assembled (see dist/assemble.log)."
  rm -rf "${BUILD_DIR:?}/dev"
  mv "$fresh" "$BUILD_DIR/dev"
  train "$BUILD_DIR/dev" "$JAVA_HOME"
  say "Built in $((SECONDS - STARTED)) s"
}

# train HOME RUNTIME: makes the start-up caches (JEP 483, 514, 515) of HOME for exactly this runtime, jars and flags.
# A failure costs only start-up time, so it is said and survived.
train() {
  local CAIRN_HOME=$1 CAIRN_RUNTIME=$2 shape scratch log
  log=$BUILD_DIR/train.log
  scratch=$(mktemp -d)
  # shellcheck source=scripts/run.sh
  CAIRN_ONLY_FLAGS=yes source "$CAIRN_ROOT/scripts/run.sh"
  class_path
  for shape in tool backup server drives volumes; do
    printf '  %4ds  start-up cache (%s)\n' "$((SECONDS - ${STARTED:-0}))" "$shape" >&2
    java_flags "$shape"
    if ! "$CAIRN_RUNTIME/bin/java" "${JAVA_FLAGS[@]}" "-XX:AOTCacheOutput=$CAIRN_HOME/$shape.aot" \
      -cp "$CLASS_PATH" io.cairn.cli.Cairn train "$shape" "$scratch/$shape" </dev/null >"$log" 2>&1; then
      rm -f "$CAIRN_HOME/$shape.aot"
      say "No start-up cache ($shape): starting takes longer (see dist/train.log)."
    fi
  done
  rm -rf "$scratch"
}
