#!/usr/bin/env python3
"""What a node does under load, with the real program and real processes:

  bench/node_load.py latency [--studies 30]            one study at a time: received -> results stored
  bench/node_load.py load [--studies 200] [--associations 20] [--kills 0] [--postgres] [--nodes 1]
                                                       many at once; optionally killed (SIGKILL) at random moments

Studies are simulated (a few, then copied under new UIDs), sent by DCMTK's storescu, and the results are taken by DCMTK's
storescp. Needs pydicom (.venv, for the copies). Prints one JSON document; exits with 1 unless every study ended once, with
each of its results in the archive once.
"""
import argparse
import concurrent.futures
import glob
import json
import os
import random
import shutil
import signal
import socket
import subprocess
import sys
import tempfile
import threading
import time
import urllib.request

ROOT = os.path.dirname(os.path.dirname(os.path.abspath(__file__)))


def free_port():
    with socket.socket() as s:
        s.bind(("127.0.0.1", 0))
        return s.getsockname()[1]


def wait_for_port(port, seconds=60):
    until = time.time() + seconds
    while time.time() < until:
        with socket.socket() as s:
            if s.connect_ex(("127.0.0.1", port)) == 0:
                return
        time.sleep(0.05)
    raise SystemExit(f"nobody listens on port {port}")


def make_studies(program, folder, count, distinct):
    """`count` study folders: `distinct` simulated ones, copied under new UIDs."""
    import pydicom
    simulated = os.path.join(folder, "simulated")
    subprocess.run([program, "simulate", "-q", "--dicom", simulated, "--n", str(distinct), "--seed", "4711"], check=True,
                   stdout=subprocess.DEVNULL)
    sources = sorted(entry.path for entry in os.scandir(simulated) if entry.is_dir())
    studies = []
    for number in range(count):
        source = sources[number % len(sources)]
        target = os.path.join(folder, "studies", f"{number:04}")
        os.makedirs(target)
        studies.append(target)
        tail = f".{number + 1}"
        for index, (where, _, names) in enumerate(os.walk(source)):
            for name in names:
                dataset = pydicom.dcmread(os.path.join(where, name))
                if number >= len(sources):
                    for element in dataset.iterall():
                        if element.VR == "UI" and element.value and not str(element.value).startswith("1.2.840.10008"):
                            old = element.value
                            many = isinstance(old, pydicom.multival.MultiValue)
                            new = [pydicom.uid.UID(str(value)[:50] + tail) for value in (old if many else [old])]
                            element.value = new if many else new[0]
                    dataset.file_meta.MediaStorageSOPInstanceUID = dataset.SOPInstanceUID
                    dataset.PatientID = f"{dataset.PatientID}-{number}"
                dataset.save_as(os.path.join(target, f"{index}-{name}"))
    return studies


class Postgres:
    def __init__(self, folder):
        self.folder = os.path.join(folder, "postgres")
        os.makedirs(self.folder)
        self.binaries = sorted(glob.glob("/usr/lib/postgresql/*/bin"))[-1]
        self.user = []
        if os.getuid() == 0:
            shutil.chown(self.folder, "postgres", "postgres")
            os.chmod(folder, 0o755)
            self.user = ["setpriv", "--reuid=postgres", "--regid=postgres", "--clear-groups"]
        self.run("initdb", "-D", self.folder + "/data", "-U", "parotis", "-A", "trust")
        self.run("pg_ctl", "-D", self.folder + "/data", "-w", "-l", self.folder + "/log", "-o",
                 f"-c listen_addresses='' -c unix_socket_directories={self.folder}", "start")
        self.run("createdb", "-h", self.folder, "-U", "parotis", "jobs")
        self.uri = f"postgresql:///jobs?host={self.folder}&user=parotis"

    def run(self, name, *arguments):
        subprocess.run([*self.user, f"{self.binaries}/{name}", *arguments], check=True, cwd="/",
                       stdout=subprocess.DEVNULL)

    def stop(self):
        self.run("pg_ctl", "-D", self.folder + "/data", "-m", "fast", "stop")


class Node:
    """One node's process; killed and started again as a power cut would have it."""

    def __init__(self, program, folder, name, pacs_port, database, workers):
        self.program, self.folder, self.name = program, folder, name
        self.dicom_port, self.web_port = free_port(), free_port()
        self.config = os.path.join(folder, name + ".json")
        with open(self.config, "w") as f:
            json.dump({"name": name, "folder": "kept", "database": database, "workers": workers,
                       "complete": {"quiet_s": 5, "on_release": True},
                       "dicom": {"port": self.dicom_port, "allowed": [{"ae_title": "SCANNER"}]},
                       "web": {"port": self.web_port, "archives": ["127.0.0.1"]},
                       "peers": [{"name": "pacs", "ae_title": "PACS", "host": "127.0.0.1", "port": pacs_port}],
                       "limits": {"free_gb": 1}, "retry": {"attempts": 100, "first_s": 1, "longest_s": 5}}, f)
        self.lock = threading.Lock()
        self.peaks = {}
        self.start()

    def start(self):
        self.log = open(os.path.join(self.folder, self.name + ".log"), "ab")
        self.process = subprocess.Popen([self.program, "serve", self.config], stderr=self.log)

    def kill(self):
        with self.lock:
            self.process.kill()
            self.process.wait()
            self.start()

    def stop(self):
        with self.lock:
            self.process.send_signal(signal.SIGTERM)
            return self.process.wait(timeout=120)

    def jobs(self):
        out = subprocess.run([self.program, "queue", self.config, "--json", "--limit", "100000"], capture_output=True,
                             text=True)
        return json.loads(out.stdout) if out.returncode == 0 else {"counts": {}, "jobs": []}

    def watch_memory(self):
        """The most that each kind of process, and all together, held (proportional set size)."""
        total, by_role = 0, {}
        for entry in os.listdir("/proc"):
            if not entry.isdigit():
                continue
            try:
                line = open(f"/proc/{entry}/cmdline").read().split("\0")
                if self.config not in line:
                    continue
                role = line[line.index("--role") + 1] if "--role" in line else "supervisor"
                pss = next(int(row.split()[1]) for row in open(f"/proc/{entry}/smaps_rollup") if row.startswith("Pss:"))
            except (OSError, StopIteration, ValueError):
                continue
            total += pss
            by_role[role] = max(by_role.get(role, 0), pss)
        for role, pss in [*by_role.items(), ("all", total)]:
            self.peaks[role] = max(self.peaks.get(role, 0), pss)


def send(study, node):
    """As a scanner's queue does: again until it is taken."""
    files = sorted(glob.glob(study + "/*"))
    for _ in range(1000):
        done = subprocess.run(["storescu", "-aet", "SCANNER", "-aec", "PAROTIS", "127.0.0.1", str(node.dicom_port), *files],
                              stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
        if done.returncode == 0:
            return
        time.sleep(0.5)
    raise SystemExit("the node does not take a study")


def quantile(values, q):
    values = sorted(values)
    return values[min(len(values) - 1, int(q * (len(values) - 1) + 0.5))]


def run_latency(node, studies):
    from_first, from_last = [], []
    for number, study in enumerate(studies):
        start = time.time()
        send(study, node)
        sent = time.time()
        while node.jobs()["counts"].get("done", 0) < number + 1:
            counts = node.jobs()["counts"]
            if counts.get("failed", 0) + counts.get("refused", 0) > 0:
                raise SystemExit(f"a study did not end well: {counts}")
            time.sleep(0.05)
        from_first.append(time.time() - start)
        from_last.append(time.time() - sent)
    return {"from_first_instance_s": {"median": quantile(from_first, 0.5), "p95": quantile(from_first, 0.95)},
            "from_last_instance_s": {"median": quantile(from_last, 0.5), "p95": quantile(from_last, 0.95)}}


def run_load(nodes, studies, associations, kills, kill_every):
    start = time.time()
    ended = threading.Event()
    killed = []

    def kill_now_and_then():
        picker = random.Random(1)
        while len(killed) < kills and not ended.is_set():
            ended.wait(picker.uniform(0.2, 1.8) * kill_every)
            if not ended.is_set():
                node = picker.choice(nodes)
                node.kill()
                killed.append(time.time() - start)

    killer = threading.Thread(target=kill_now_and_then)
    killer.start()
    with concurrent.futures.ThreadPoolExecutor(associations) as pool:
        list(pool.map(lambda item: send(item[1], nodes[item[0] % len(nodes)]), enumerate(studies)))
    sent = time.time() - start
    counts = {}
    while time.time() - start < 3600:
        counts = nodes[0].jobs()["counts"]
        ends = sum(counts.get(state, 0) for state in ("done", "refused", "failed"))
        if ends == len(studies):
            break
        time.sleep(1)
    ended.set()
    killer.join()
    return {"sent_after_s": sent, "ended_after_s": time.time() - start, "kills": len(killed), "counts": counts}


def main():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("what", choices=["latency", "load"])
    parser.add_argument("--program", default=os.path.join(ROOT, "build/release/parotis"))
    parser.add_argument("--studies", type=int, default=30)
    parser.add_argument("--distinct", type=int, default=10)
    parser.add_argument("--associations", type=int, default=20)
    parser.add_argument("--kills", type=int, default=0)
    parser.add_argument("--kill-every", type=float, default=11, help="seconds from a kill to the next, on average")
    parser.add_argument("--nodes", type=int, default=1)
    parser.add_argument("--workers", type=int, default=1)
    parser.add_argument("--postgres", action="store_true")
    parser.add_argument("--keep", help="work in this folder and leave it")
    flags = parser.parse_args()
    folder = flags.keep or tempfile.mkdtemp(prefix="parotis-load-")
    os.makedirs(folder, exist_ok=True)
    studies = make_studies(flags.program, folder, flags.studies, min(flags.distinct, flags.studies))
    received = os.path.join(folder, "received")
    os.makedirs(received)
    pacs_port = free_port()
    archive = subprocess.Popen(["storescp", "--fork", "-aet", "PACS", "-od", received, str(pacs_port)])
    postgres = Postgres(folder) if flags.postgres else None
    nodes = [Node(flags.program, folder, f"node{i}", pacs_port, postgres.uri if postgres else "", flags.workers)
             for i in range(flags.nodes)]
    stop_watching = threading.Event()

    def watch():
        while not stop_watching.wait(0.5):
            for node in nodes:
                node.watch_memory()

    watcher = threading.Thread(target=watch)
    watcher.start()
    try:
        for node in nodes:
            wait_for_port(node.dicom_port)
        result = {"command": " ".join(sys.argv), "studies": len(studies),
                  "instances": sum(len(os.listdir(study)) for study in studies)}
        if flags.what == "latency":
            result.update(run_latency(nodes[0], studies))
        else:
            result.update(run_load(nodes, studies, flags.associations, flags.kills, flags.kill_every))
        jobs = nodes[0].jobs()["jobs"]
        objects = sum(len(os.listdir(os.path.join(folder, "kept", "results", job["results"])))
                      - len([n for n in os.listdir(os.path.join(folder, "kept", "results", job["results"]))
                             if not n.endswith(".dcm")]) for job in jobs if job["state"] == "done")
        result["states"] = {state: count for state, count in nodes[0].jobs()["counts"].items() if count}
        result["distinct_studies"] = len({job["study_uid"] for job in jobs})
        result["instances_kept"] = sum(job["instances"] for job in jobs)
        result["results_written"], result["results_in_archive"] = objects, len(os.listdir(received))
        result["peak_memory_mib"] = {node.name: {role: round(kib / 1024) for role, kib in node.peaks.items()}
                                     for node in nodes}
        result["metrics"] = [line for line in urllib.request.urlopen(
            f"http://127.0.0.1:{nodes[0].web_port}/metrics").read().decode().splitlines()
            if line.startswith("parotis_study_seconds") or "died" in line or "restarts" in line]
        result["exit_codes"] = [node.stop() for node in nodes]
        print(json.dumps(result, indent=2))
        well = (result["distinct_studies"] == len(studies) and result["instances_kept"] == result["instances"]
                and objects == result["results_in_archive"] and not result["states"].get("failed"))
        return 0 if well else 1
    finally:
        stop_watching.set()
        watcher.join()
        for node in nodes:
            if node.process.poll() is None:
                node.process.kill()
        archive.kill()
        if postgres:
            postgres.stop()
        if not flags.keep:
            shutil.rmtree(folder, ignore_errors=True)


if __name__ == "__main__":
    sys.exit(main())
