/* Deletion beside running backups: two-phase prune, leases, eviction. README.md says how to run it.
 *
 * One blob, wanted by every backup; a pack is a copy of it. Pack 0 is there and indexed at the start, and no snapshot
 * needs it any more. Writer w stores pack w+1 if it needs one; pruner n stores pack WRITERS+1+n when it must copy. Any process
 * may pause anywhere (the scheduler does that). Writer 0 is a plain restic: it checks nothing at its end and is never
 * evicted. Writer 1 may lose its lease at any moment. A pruner may die between its steps; the next one follows.
 *
 * Held: a finished backup can be read at every moment; and when all rest, from a pack that is indexed, but for restic's
 * own snapshot, and after a dead pruner: the next prune mends both.
 *
 * Controls, each of which must fail: -DNO_HOLDERS (delete waits for nobody), -DNO_RECHECK (delete does not walk again),
 * -DNO_LEASE_CHECK (a writer does not look whether its lease stands), -DLIST_FIRST (holders are listed before the packs leave
 * the index), -DNO_MARKS (a writer does not look into the marks at its end).
 */
#ifndef WRITERS
#define WRITERS 3
#endif
#ifndef PRUNERS
#define PRUNERS 2
#endif
#define PACKS (WRITERS + 1 + PRUNERS)
#define NONE 255
#define RESTIC 0
#define EVICTABLE 1

bool exists[PACKS];                 /* the pack file is there */
bool indexed[PACKS];                /* an index names it */
byte copy[PACKS] = NONE;            /* the pack that a pruner copied it to */
byte marked[PACKS];                 /* marks that list it */
bool lock[WRITERS], evicted[WRITERS], snapshot[WRITERS], done[WRITERS];
byte needs[WRITERS] = NONE;         /* the pack that its snapshot relies on */
bool pruning;                       /* the lease of the one pruner */
byte resting;
bool unclean;                       /* a pruner died; the next one mends what it left */

/* Who is promised anything: every writer, but a plain restic only as long as nobody's lease is taken away. */
#define promised(w) (w != RESTIC || !evicted[EVICTABLE])
#define there(p)    (exists[p] || (copy[p] != NONE && exists[copy[p]]))
#define named(p)    ((exists[p] && indexed[p]) || (copy[p] != NONE && exists[copy[p]] && indexed[copy[p]]))

inline each_used() {
  w = 0;
  do
  :: w < WRITERS -> if :: snapshot[w] -> used[needs[w]] = true :: else fi; w++
  :: else -> break
  od
}

inline list_holders() {
  w = 0;
  do
  :: w < WRITERS -> holder[w] = lock[w]; w++
  :: else -> break
  od
}

proctype Writer(byte me) {
  byte p = 0;
  bool wrong;
  lock[me] = true;
  atomic {                          /* reads the index */
    do
    :: p < PACKS -> if :: indexed[p] && needs[me] == NONE -> needs[me] = p :: else fi; p++
    :: else -> break
    od
  }
  if
  :: needs[me] == NONE -> exists[me + 1] = true; needs[me] = me + 1; indexed[me + 1] = true
  :: else
  fi;
  snapshot[me] = true;
  if
  :: me == RESTIC -> goto finish
  :: needs[me] == me + 1 -> goto lease
  :: else
  fi;
  /* Did the pack that it relied on leave the index, or is it marked, or gone? Then it stores the blob again. */
#ifndef NO_MARKS
  wrong = marked[needs[me]] > 0;
#endif
  wrong = wrong || !indexed[needs[me]];
  wrong = wrong || !exists[needs[me]];
  if
  :: wrong -> if
              :: exists[needs[me]] -> exists[me + 1] = true; indexed[me + 1] = true; needs[me] = me + 1
              :: else -> goto withdraw
              fi
  :: else
  fi;
lease:
#ifndef NO_LEASE_CHECK
  if
  :: evicted[me] -> goto withdraw
  :: else
  fi;
#endif
finish:
  atomic { done[me] = true; assert(!promised(me) || there(needs[me])) }
  lock[me] = false;
  goto end;
withdraw:
  snapshot[me] = false;
  if
  :: !exists[me + 1] -> indexed[me + 1] = false
  :: else                           /* somebody may rely on it already */
  fi;
  lock[me] = false;
end:
  resting++
}

proctype Evictor() {
  if
  :: evicted[EVICTABLE] = true
  :: skip
  fi;
  resting++
}

/* Copies pack p, which a snapshot needs and no index names, to the pack of this pruner, and indexes that. */
inline copy_pack(p) {
  exists[mine] = true;
  atomic { copy[p] = mine; indexed[mine] = true }
}

proctype Pruner(byte mine) {
  bool mark[PACKS], used[PACKS], holder[WRITERS], in_index[PACKS];
  byte p, w;
  atomic { !pruning -> pruning = true }
  atomic { each_used() }        /* snapshots first, then the index */
#ifdef LIST_FIRST
  atomic { list_holders() }
#endif
  p = 0;
  do
  :: p < PACKS ->
       if
       :: atomic { exists[p] && !used[p] -> mark[p] = true }; indexed[p] = false
       :: atomic { exists[p] && used[p] && !named(p) -> skip }; copy_pack(p)
       :: else
       fi;
       p++
  :: else -> break
  od;
  if
  :: unclean = true; goto dead
  :: skip
  fi;
#ifndef LIST_FIRST
  atomic { list_holders() }
#endif
  atomic { p = 0; do :: p < PACKS -> if :: mark[p] -> marked[p]++ :: else fi; p++ :: else -> break od }
#ifndef NO_HOLDERS
  w = 0;
  do
  :: w < WRITERS -> if :: holder[w] -> (!lock[w] || evicted[w]) :: else fi; w++
  :: else -> break
  od;
#endif
  atomic { p = 0; do :: p < PACKS -> used[p] = false; p++ :: else -> break od }
#ifndef NO_RECHECK
  atomic { each_used() }
  atomic { p = 0; do :: p < PACKS -> in_index[p] = indexed[p]; p++ :: else -> break od }
#endif
  p = 0;
  do
  :: p < PACKS ->
       if
       :: mark[p] && in_index[p]            /* its writer indexed it meanwhile */
       :: mark[p] && !in_index[p] && used[p] && !named(p) -> copy_pack(p); exists[p] = false
       :: mark[p] && !in_index[p] && !(used[p] && !named(p)) ->
            atomic {
              exists[p] = false;
              w = 0;
              do
              :: w < WRITERS -> assert(!(done[w] && needs[w] == p) || !promised(w) || there(p)); w++
              :: else -> break
              od
            }
       :: else
       fi;
       p++
  :: else -> break
  od;
  atomic { p = 0; do :: p < PACKS -> if :: mark[p] -> marked[p]-- :: else fi; p++ :: else -> break od }
  unclean = false;
dead:
  pruning = false;
  resting++
}

init {
  byte i;
  atomic {
    exists[0] = true; indexed[0] = true;
    i = 0; do :: i < WRITERS -> run Writer(i); i++ :: else -> break od;
    i = 0; do :: i < PRUNERS -> run Pruner(WRITERS + 1 + i); i++ :: else -> break od;
    run Evictor();
  }
  atomic {
    resting == WRITERS + PRUNERS + 1;
    i = 0;
    do
    :: i < WRITERS ->
         assert(!done[i] || !promised(i) || there(needs[i]));
         assert(unclean || !done[i] || i == RESTIC || named(needs[i]));
         i++
    :: else -> break
    od
  }
}
