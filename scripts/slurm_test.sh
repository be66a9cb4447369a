#!/usr/bin/env bash
# A study on a real Slurm: one node on the loopback interface, its daemons without systemd in a private folder, gone at the end.
# The study with made-up networks (tests/support/fake_study.cc) and, where it was built, the real one of PROGRAM are submitted,
# waited for, and held against the same study done by the local pool, byte by byte.
# Usage: scripts/slurm_test.sh BUILD_FOLDER [DATASET STUDY_JSON]
set -euo pipefail
cd "$(dirname "${BASH_SOURCE[0]}")/.."

for tool in munged slurmctld slurmd sbatch squeue; do
  command -v $tool >/dev/null || PATH=$PATH:/usr/sbin
  command -v $tool >/dev/null || { echo "SKIPPED: $tool is not there; install slurm-wlm and munge (make slurm-test does)"; exit 77; }
done
[ "$(id -u)" -eq 0 ] || { echo "SKIPPED: slurmd on a private port wants root"; exit 77; }

build=$(realpath "$1")
folder=$(mktemp -d /tmp/parotis-slurm-XXXXXX)
chmod 755 "$folder"
port=$((20000 + $$ % 20000))  # and the next
pids=()
stop() {
  # Jobs first: the processes that watch over them outlive the daemons.
  if [ -e "$folder/slurm.conf" ]; then
    scancel --user="$(id -un)" 2>/dev/null || true
    for _ in $(seq 50); do [ -z "$(squeue -h 2>/dev/null)" ] && break; sleep 0.2; done
  fi
  for pid in "${pids[@]}"; do kill "$pid" 2>/dev/null || true; done
  wait 2>/dev/null || true
  rm -rf "$folder"
}
trap stop EXIT
say() { printf 'slurm-test: %s\n' "$*" >&2; }

start_munge() {
  mkdir -m 700 "$folder/munge"
  dd if=/dev/urandom of="$folder/munge/key" bs=1 count=1024 status=none
  chmod 600 "$folder/munge/key"
  munged --foreground --force --key-file="$folder/munge/key" --socket="$folder/munge.socket" \
    --pid-file="$folder/munge/pid" --log-file="$folder/munge/log" --seed-file="$folder/munge/seed" >"$folder/munge/said" 2>&1 &
  pids+=($!)
  for _ in $(seq 100); do [ -S "$folder/munge.socket" ] && return; sleep 0.1; done
  say "munged did not start"; cat "$folder/munge/log" >&2; exit 1
}

write_configuration() {
  cat >"$folder/slurm.conf" <<CONF
ClusterName=test
SlurmctldHost=$(hostname -s)(127.0.0.1)
AuthType=auth/munge
AuthInfo=socket=$folder/munge.socket
CredType=cred/munge
SlurmUser=root
SlurmctldPort=$port
SlurmdPort=$((port + 1))
SlurmctldPidFile=$folder/slurmctld.pid
SlurmdPidFile=$folder/slurmd.pid
SlurmdSpoolDir=$folder/spool
StateSaveLocation=$folder/state
ProctrackType=proctrack/linuxproc
TaskPlugin=task/none
JobAcctGatherType=jobacct_gather/none
AccountingStorageType=accounting_storage/none
SelectType=select/cons_tres
SelectTypeParameters=CR_Core
MpiDefault=none
ReturnToService=2
SchedulerParameters=batch_sched_delay=1,sched_interval=2
NodeName=$(hostname -s) NodeAddr=127.0.0.1 CPUs=$(nproc) State=UNKNOWN
PartitionName=test Nodes=ALL Default=YES MaxTime=INFINITE State=UP
CONF
  mkdir -p "$folder/spool" "$folder/state"
  export SLURM_CONF=$folder/slurm.conf
}

start_slurm() {
  slurmctld -D >"$folder/slurmctld.log" 2>&1 &
  pids+=($!)
  slurmd -D >"$folder/slurmd.log" 2>&1 &
  pids+=($!)
  for _ in $(seq 150); do sinfo -h -o %T 2>/dev/null | grep -q idle && return; sleep 0.2; done
  say "the node did not come up"; tail -20 "$folder/slurmctld.log" "$folder/slurmd.log" >&2; exit 1
}

wait_for_jobs() {
  for _ in $(seq 3000); do [ -z "$(squeue -h)" ] && return; sleep 0.2; done
  say "the jobs did not end"; squeue >&2; exit 1
}

# Everything that does not say when and where it was made.
content_of() {
  (cd "$1" && find . \( -name model.safetensors -o -name evaluation.json -o -name decision.json -o -path '*/predictions/*' \) \
    -type f -exec sha256sum {} + | sort -k 2)
}

compare() {
  diff <(content_of "$1") <(content_of "$2") >"$folder/diff" || { say "the results differ:"; head "$folder/diff" >&2; exit 1; }
  say "$3: $(content_of "$1" | wc -l) files, the same bytes by Slurm and by the local pool"
}

start_munge
write_configuration
start_slurm
say "Slurm $(sinfo --version | cut -d' ' -f2) runs on one node"

fake=$build/tests/parotis_fake_study
if [ -x "$fake" ]; then
  "$fake" --dataset "$folder/fake-dataset"
  "$fake" "$folder/fake-dataset" "$folder/fake-local" 2 2>/dev/null
  "$fake" "$folder/fake-dataset" "$folder/fake-slurm" --submit
  wait_for_jobs
  [ -s "$folder/fake-slurm/study-results.json" ] || { say "nothing was gathered"; tail "$folder"/fake-slurm/slurm/*.log >&2; exit 1; }
  compare "$folder/fake-local" "$folder/fake-slurm" "made-up networks"
fi
if [ $# -ge 3 ] && [ -x "$build/libparotis_net.so" ]; then
  "$build/parotis" study -q -d "$2" -s "$3" -o "$folder/local" >/dev/null
  "$build/parotis" study -q -d "$2" -s "$3" -o "$folder/slurm" --submit slurm
  wait_for_jobs
  [ -s "$folder/slurm/study-results.json" ] || { say "nothing was gathered"; tail "$folder"/slurm/slurm/*.log >&2; exit 1; }
  compare "$folder/local" "$folder/slurm" "real networks"
fi
