#!/usr/bin/env bash
# etcd 3.4.23, as Debian 12 has it: a member that was the leader says that it renewed a lease, and nothing was renewed.
#
# The leader of three members stops for some seconds, as a virtual machine does that is moved. The others elect a new
# one, which counts each lease anew from then on. The old leader goes on, and answers keep-alives that waited for it
# with the whole time of the lease, because it asks nobody whether it still leads. In about one of four such stops it
# does so before it hears of the new leader, and then all those leases end seconds before their holders were told. The
# header of its answer is of the old term. So a holder that wants to know reads something afterwards, and counts a
# renewal only where both answers are of one term. Newer releases ask the majority first (3.4.31, 3.5.13, issue 15247).
#
# Seen with etcd-server 3.4.23-4+b4 of Debian 12, on 2026-11-30, after 3 stops in which it had heard:
#   16 of 16 leases of 10 s: the old leader says 10 s, the others have 6 s left or less
set -euo pipefail
folder=$(mktemp -d)
trap 'kill -CONT $(jobs -p) 2>/dev/null || true; kill $(jobs -p) 2>/dev/null || true; wait; rm -rf "$folder"' EXIT
cd "$folder"
apt-get download -q etcd-server=3.4.23-4+b4 >/dev/null 2>&1
dpkg -x etcd-server_*.deb .
cluster=m0=http://127.0.0.1:29380,m1=http://127.0.0.1:29381,m2=http://127.0.0.1:29382
processes=()
for n in 0 1 2; do
  usr/bin/etcd --name m$n --data-dir d$n --initial-cluster $cluster --logger zap \
    --listen-client-urls http://127.0.0.1:2937$n --advertise-client-urls http://127.0.0.1:2937$n \
    --listen-peer-urls http://127.0.0.1:2938$n --initial-advertise-peer-urls http://127.0.0.1:2938$n 2>"log$n" &
  processes+=($!)
done
python3 - "${processes[@]}" <<'EOF'
import json, os, signal, sys, time
from concurrent.futures import ThreadPoolExecutor
from urllib.request import Request, urlopen

def ask(member, path, question, seconds=5):
    request = Request(f"http://127.0.0.1:2937{member}/v3/{path}", json.dumps(question).encode())
    return json.loads(urlopen(request, timeout=seconds).read())

def patiently(*what):
    while True:
        try:
            return ask(*what)
        except OSError:
            time.sleep(0.2)

def leader():
    said = [patiently(member, "maintenance/status", {}) for member in range(3)]
    return next(m for m in range(3) if said[m].get("leader") == said[m]["header"]["member_id"])

def left(member, lease):
    return int(patiently(member, "lease/timetolive", {"ID": lease}).get("TTL", -1))

for attempt in range(16):
    patiently(0, "kv/range", {"key": "AA=="})
    time.sleep(1)
    old = leader()
    other = (old + 1) % 3
    leases = [ask(old, "lease/grant", {"TTL": "10"})["ID"] for _ in range(16)]
    os.kill(int(sys.argv[1 + old]), signal.SIGSTOP)
    while left(other, leases[0]) > 6:
        time.sleep(0.2)
    with ThreadPoolExecutor(16) as pool:
        waiting = [pool.submit(ask, old, "lease/keepalive", {"ID": lease}, 30) for lease in leases]
        time.sleep(0.5)
        os.kill(int(sys.argv[1 + old]), signal.SIGCONT)
        said = [int(answer.result()["result"].get("TTL", 0)) for answer in waiting]
    vain = sum(told == 10 and left(other, lease) <= 6 for told, lease in zip(said, leases))
    print(f"{vain} of 16 leases of 10 s: the old leader says 10 s, the others have 6 s left or less")
    if vain:
        sys.exit(0)
sys.exit("this has changed")
EOF
