#!/usr/bin/env python3
# SPDX-License-Identifier: Apache-2.0
"""Turn a disk image into what a disk with a volatile write cache holds after a power cut.

usage: replay.py [--seed N] [--tear BYTES] IMAGE LOG

IMAGE is the disk before the machine ran, LOG what QEMU's blklogwrites driver
recorded.  Every write up to the last flush is applied; of each later write, at
random, nothing, all, or a first part that ends at a multiple of BYTES.
"""
import argparse
import random
import struct

MAGIC = 0x6A736677736872
FLUSH, FUA, DISCARD = 1, 2, 4


def entries(log):
    magic, version, _, sector = struct.unpack("<QQQI", log.read(28))
    if magic != MAGIC or version != 1:
        raise SystemExit("not a write log")
    log.seek(sector)
    while True:
        head = log.read(sector)
        if len(head) < sector:
            return
        start, count, flags, length = struct.unpack("<QQQQ", head[:32])
        if count == 0 and flags == 0:
            return
        data = b"" if flags & DISCARD else log.read(count * sector)
        if not flags & DISCARD and len(data) < count * sector:
            return
        yield start * sector, count * sector, flags, data


def main():
    args = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    args.add_argument("--seed", type=int, default=0)
    args.add_argument("--tear", type=int, default=4096)
    args.add_argument("image")
    args.add_argument("log")
    args = args.parse_args()
    dice = random.Random(args.seed)
    with open(args.log, "rb") as log:
        ops = list(entries(log))
    last_flush = max((i for i, op in enumerate(ops) if op[2] & FLUSH), default=-1)
    kept = torn = lost = 0
    with open(args.image, "r+b") as disk:
        for i, (start, size, flags, data) in enumerate(ops):
            if i > last_flush and size and not flags & FUA:
                fate = dice.choice(("kept", "torn", "lost"))
                if fate == "lost" or flags & DISCARD:
                    lost += 1
                    continue
                ends = range(start - start % args.tear + args.tear, start + size, args.tear)
                if fate == "torn" and ends:
                    torn += 1
                    data = data[: dice.choice(ends) - start]
                else:
                    kept += 1
            if flags & DISCARD:
                data = b"\0" * size
            disk.seek(start)
            disk.write(data)
    print(f"{last_flush + 1} of {len(ops)} writes flushed; of the rest {kept} kept, {torn} torn, {lost} lost")


main()
