"""Holds every packet of a TUN device for some time and sends it back in: a link with a delay and a rate.

Kernels without `sch_netem` have no other. Arguments: name of the device, one-way delay in ms, rate in Mbit/s.
Writes a line when the device is there; ends with its parent.
"""
import collections, fcntl, os, select, struct, sys, time

TUNSETIFF, IFF_TUN, IFF_NO_PI = 0x400454CA, 0x0001, 0x1000
# What a router would hold before it drops, in bytes.
LIMIT = 16 * 2**20

name, delay, rate = sys.argv[1], float(sys.argv[2]) / 1000, float(sys.argv[3]) * 1e6 / 8
tun = os.open("/dev/net/tun", os.O_RDWR | os.O_NONBLOCK)
fcntl.ioctl(tun, TUNSETIFF, struct.pack("16sH", name.encode(), IFF_TUN | IFF_NO_PI))
print("ready", flush=True)

queue = collections.deque()
held = 0
# When the link has sent what was given to it so far.
free = 0.0
poll = select.poll()
poll.register(tun, select.POLLIN)
poll.register(sys.stdin, select.POLLHUP)
while True:
    wait = None if not queue else max(0, (queue[0][0] - time.monotonic()) * 1000)
    for fd, event in poll.poll(wait):
        if fd != tun:
            sys.exit()
        for _ in range(64):
            try:
                packet = os.read(tun, 65536)
            except BlockingIOError:
                break
            if held + len(packet) > LIMIT:
                continue
            free = max(free, time.monotonic()) + len(packet) / rate
            queue.append((free + delay, packet))
            held += len(packet)
    now = time.monotonic()
    while queue and queue[0][0] <= now:
        packet = queue.popleft()[1]
        held -= len(packet)
        os.write(tun, packet)
