# shellcheck shell=bash
# Sourced last by ./cairn and by bin/cairn of a distribution: becomes the Java process, with the flags of production.
# Needs CAIRN_HOME (lib/, native/, *.aot) and CAIRN_RUNTIME (a JDK or the runtime of the distribution).
# CAIRN_JAVA_OPTS adds options of your own after these.

# Flags that a start-up cache must be made and used with. `tool`, `backup` (commands on backup repositories), `server`,
# `drives`: a server of three drives or more, which may use erasure coding, or `volumes`: a daemon without a store.
# Only `drives` gets the vector module: a JVM with an incubator module cannot use
# linked classes from its cache, which costs a start 0.7 s of processor time.
java_flags() {
  JAVA_FLAGS=(--enable-native-access=ALL-UNNAMED --sun-misc-unsafe-memory-access=allow
    -XX:+UseCompactObjectHeaders -XX:+ExitOnOutOfMemoryError
    -Djava.library.path="$CAIRN_HOME/native" -Dcairn.home="$CAIRN_HOME")
  if [[ $1 == drives ]]; then JAVA_FLAGS+=(--add-modules jdk.incubator.vector); fi
  if [[ $1 == volumes ]]; then
    # The budget: under 120 MiB resident. Its work is the kernel's; what it computes itself is little.
    JAVA_FLAGS+=(-XX:+UseSerialGC -XX:TieredStopAtLevel=1
      -Xms16m -Xmn8m -Xmx48m -XX:MaxDirectMemorySize=16m -XX:MaxMetaspaceSize=64m -XX:ReservedCodeCacheSize=24m -Xss512k
      -Djdk.nio.maxCachedBufferSize=65536 -Dio.netty.allocator.type=pooled -Dio.netty.allocator.maxOrder=3
      -Dio.netty.allocator.numDirectArenas=1 -Dio.netty.allocator.numHeapArenas=1)
  elif [[ $1 == backup ]]; then
    # The budget: under 400 MiB resident. Packs being filled and uploaded take most of it.
    JAVA_FLAGS+=(-XX:+UseSerialGC -Xms128m -Xmn64m -Xmx240m -XX:MaxMetaspaceSize=96m -XX:ReservedCodeCacheSize=48m)
    # Where OpenSSL hashes and seals, the optimising compiler costs more processor time than it saves (decision 80).
    if has_libcrypto; then JAVA_FLAGS+=(-XX:TieredStopAtLevel=1); fi
  elif [[ $1 != tool ]]; then
    # The budget: under 300 MiB resident when idle, under 1 GiB under load, RocksDB's own memory included.
    JAVA_FLAGS+=(-XX:+UseG1GC
      -Xms64m -Xmx448m -XX:MaxDirectMemorySize=192m -XX:MaxMetaspaceSize=128m
      -XX:ReservedCodeCacheSize=96m -XX:G1PeriodicGCInterval=60000)
  else
    JAVA_FLAGS+=(-XX:+UseSerialGC -XX:TieredStopAtLevel=1 -Xmx512m)
  fi
}

# True where OpenSSL 3 is where the loader of this machine looks first.
has_libcrypto() {
  local file
  for file in /usr/lib/*/libcrypto.so.3 /usr/lib64/libcrypto.so.3 /usr/lib/libcrypto.so.3; do
    if [[ -e $file ]]; then return 0; fi
  done
  return 1
}

# The jars in their fixed order: the start-up cache is valid for exactly this class path.
class_path() {
  local jar
  CLASS_PATH=
  while IFS= read -r jar; do CLASS_PATH+=:$CAIRN_HOME/lib/$jar; done <"$CAIRN_HOME/lib/order"
  CLASS_PATH=${CLASS_PATH#:}
}

# Sets SHAPE to the kind of process that a command line becomes.
shape_of() {
  local argument before='' roles=store drives=0
  SHAPE=tool
  if [[ ${1:-} == backup || ${1:-} == repo ]]; then
    SHAPE=backup
    return 0
  fi
  if [[ ${1:-} != start && ${1:-} != salvage ]]; then return 0; fi
  for argument in "$@"; do
    if [[ $argument == --data || $argument == --data=* ]]; then drives=$((drives + 1)); fi
    if [[ $before == --roles ]]; then roles=$argument; fi
    if [[ $argument == --roles=* ]]; then roles=${argument#--roles=}; fi
    before=$argument
  done
  if [[ $roles != *store* ]]; then
    SHAPE=volumes
  elif ((drives >= 3)); then
    SHAPE=drives
  else
    SHAPE=server
  fi
}

run_java() {
  local shape cache
  shape_of "$@"
  shape=$SHAPE
  java_flags "$shape"
  class_path
  cache=$CAIRN_HOME/$shape.aot
  if [[ -f $cache ]]; then
    JAVA_FLAGS+=("-XX:AOTCache=$cache" -Xlog:aot=off -Xlog:aot+codecache+stubs=off -Xlog:cds=off)
  fi
  # glibc gives each thread an arena of its own; two bound what RocksDB's threads keep for themselves.
  export MALLOC_ARENA_MAX=${MALLOC_ARENA_MAX:-2}
  # shellcheck disable=SC2086 # options of the user are words
  exec "$CAIRN_RUNTIME/bin/java" "${JAVA_FLAGS[@]}" ${CAIRN_JAVA_OPTS:-} -cp "$CLASS_PATH" io.cairn.cli.Cairn "$@"
}

if [[ ${CAIRN_ONLY_FLAGS:-} != yes ]]; then run_java "$@"; fi
