"""A server's sockets and threads: who is accepted, who has to wait, and who is dropped when there is too little of all.

Standard     None: this is the business of servers that strangers can reach. What they say, `stream` knows.
Left out     Processes, and machines beside this one.

A stranger costs nothing but a descriptor until the first byte arrives, and a thread only while something is done for
them. Threads are used again. What is short is shared fairly among addresses: one host can fill its own share, and
nobody else's. What cannot be had (descriptors, threads, memory) ends a connection, never the server. Connections do
not take the last of it: a server that has accepted somebody still needs descriptors for its files, and threads.
"""

from __future__ import annotations

import contextlib
import errno
import math
import mmap
import os
import queue
import selectors
import socket
import sys
import threading
import time
from collections import Counter, OrderedDict, deque
from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Any, Self, TypeAlias

WAITING = 1024  # connections that were accepted and are silent, or wait for their turn
WAITING_PER_ADDRESS = 700  # of these: wide enough for a classroom behind one address
PAUSE = 0.02  # seconds before trying again what could not be had
GRACE = 3.0  # seconds that a handshake may take though others have no place; without a crowd, it takes 0.1
NO_THREADS = 1.0  # seconds until one thread more is tried, after one that could not be had
ROOM = 32 << 20  # bytes of memory that have to be left beside a new thread: GMP, which gets none, ends the process
RESERVE = 64  # descriptors that no connection takes; where a process has few, half of them
LOOK = 0.25  # seconds between two looks at whether somebody who waits can have the place of somebody who is slow

Address: TypeAlias = tuple[Any, ...]
"""The address of a socket: host and port, and what else the family has."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Limits:
    """What strangers can take of a server.

    connections: how many are served at a time. per_address: how many of one address may be in their handshake at a
    time. More than these wait for their turn. first_byte: seconds in which a client has to begin to speak.
    """

    connections: int = 100
    per_address: int = 64
    first_byte: float = 5.0

    def __post_init__(self) -> None:
        if self.connections < 1 or self.per_address < 1 or self.first_byte <= 0:
            raise ValueError(f"{self} leaves no room for anybody, expected positive numbers")


USUAL_LIMITS = Limits()


@dataclass(eq=False, slots=True)
class Visit:
    """A connection that was accepted.

    transport: its socket. peer: where it comes from.
    """

    transport: socket.socket
    peer: Address
    _on_admitted: Callable[[Visit], None] = field(repr=False)
    is_admitted: bool = False
    is_cut: bool = False  # its place was needed: it will have ended in a moment
    since: float = 0.0  # when its turn came

    def admitted(self) -> None:
        """Say that the client has finished its handshake: from now on, it counts among the connections only."""
        self._on_admitted(self)


class Listener:
    """A server that is running. Close it to end it.

    listening: a socket that listens.
    converse: is called with each visit, in a thread, and has to close its transport.
    on_error: is told of a connection that ended before it could be served, with the peer's address.
    """

    def __init__(
        self,
        listening: socket.socket,
        converse: Callable[[Visit], None],
        *,
        on_error: Callable[[Address, Exception], None],
        limits: Limits = USUAL_LIMITS,
    ) -> None:
        self.address: Address = listening.getsockname()
        self._socket, self._converse, self._on_error = listening, converse, on_error
        self._limits = limits
        self._lock = threading.Condition()  # of all that follows; told when a visit has ended
        self._handshaking: dict[str, int] = {}  # by host
        self._serving: set[Visit] = set()
        self._threads: set[threading.Thread] = set()
        self._work: queue.SimpleQueue[Visit | None] = queue.SimpleQueue()
        self._most_threads = limits.connections  # fewer once one could not be had
        self._no_thread_before = 0.0  # when one more is tried then
        # What follows belongs to the thread that accepts.
        self._silent: OrderedDict[Visit, float] = OrderedDict()  # until when each may be, the oldest first
        self._ready: OrderedDict[str, deque[Visit]] = OrderedDict()  # who wait for their turn, by host
        self._waiting: dict[str, int] = {}  # how many of a host are in either
        self._most_descriptors = _most_descriptors()
        self._spare: int | None = None  # a descriptor to give up, so that one more can be accepted and dropped
        self._wake, self._woken = socket.socketpair()
        self._wake.setblocking(False)
        self._closing = False
        self._accepting = threading.Thread(target=self._accept, name="accept", daemon=True)
        self._accepting.start()

    def wait(self) -> None:
        """Return when the listener is closed."""
        while self._accepting.is_alive():
            self._accepting.join(LOOK)  # in parts: on Windows, Ctrl-C is heard between two of them

    def drain(self) -> None:
        """Return when nobody is being served."""
        with self._lock:
            self._lock.wait_for(lambda: not self._serving)

    def close(self) -> None:
        """Accept no more connections, cut those that are open, and return when they have ended."""
        self._closing = True
        self._rouse()
        self._accepting.join()
        with self._lock:
            serving, threads = list(self._serving), list(self._threads)
        for visit in serving:
            with contextlib.suppress(OSError):  # it may have ended by itself
                visit.transport.shutdown(socket.SHUT_RDWR)
        for _ in threads:
            self._work.put(None)
        for thread in threads:
            thread.join()
        self._wake.close()

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *exception: object) -> None:
        self.close()

    def _rouse(self) -> None:
        """Wake the thread that accepts: something has changed."""
        with contextlib.suppress(OSError):  # it has been woken often enough, or is gone
            self._wake.send(b"\0")

    def _accept(self) -> None:
        self._socket.setblocking(False)
        with self._socket, self._woken, selectors.DefaultSelector() as selector:
            self._selector = selector
            selector.register(self._woken, selectors.EVENT_READ)
            selector.register(self._socket, selectors.EVENT_READ)
            self._spare = _spare()
            while not self._closing:
                for key, _ in selector.select(self._until_next()):
                    if key.fileobj is self._woken:
                        self._woken.recv(4096)
                    elif key.fileobj is self._socket:
                        self._take()
                    else:
                        self._begins(key.data)
                self._drop_silent()
                self._hand_out()
            for visit in [*self._silent, *(visit for visits in self._ready.values() for visit in visits)]:
                visit.transport.close()
            if self._spare is not None:
                os.close(self._spare)

    def _until_next(self) -> float | None:
        """Return the seconds until something is to be done though nothing happens; None if nothing is."""
        times = [next(iter(self._silent.values()))] if self._silent else []
        if self._ready:
            times.append(time.monotonic() + LOOK)
        return max(0.0, min(times) - time.monotonic()) if times else None

    def _take(self) -> None:
        """Accept a connection; if there is no room for it, make some, or drop it."""
        try:
            transport, peer = self._socket.accept()
        except OSError as error:  # the client has left already, or there is too little of something
            if error.errno in (errno.EMFILE, errno.ENFILE, errno.ENOBUFS, errno.ENOMEM):
                self._shed()
            return
        visit = Visit(transport, peer, self._admitted)
        host = _host(visit)
        if self._has_all_descriptors():
            if not self._make_room(ends_served=True):
                self._drop(visit, ConnectionAbortedError("there are no descriptors left"))
                return
            if self._has_all_descriptors():  # until the one that was cut has ended
                time.sleep(PAUSE)
        if self._waiting.get(host, 0) >= WAITING_PER_ADDRESS:
            self._drop(visit, ConnectionAbortedError("too many connections of this address wait already"))
            return
        if sum(self._waiting.values()) >= WAITING and not self._make_room(ends_served=False):
            self._drop(visit, ConnectionAbortedError("too many connections wait already"))
            return
        try:
            transport.setblocking(False)
            self._selector.register(transport, selectors.EVENT_READ, visit)
        except (OSError, MemoryError):
            self._drop(visit, ConnectionAbortedError("there is no room for this connection"))
            return
        self._silent[visit] = time.monotonic() + self._limits.first_byte
        self._waiting[host] = self._waiting.get(host, 0) + 1

    def _has_all_descriptors(self) -> bool:
        """Return whether connections have as many descriptors as they can take."""
        with self._lock:
            return sum(self._waiting.values()) + len(self._serving) >= self._most_descriptors

    def _begins(self, visit: Visit) -> None:
        """The first bytes of a silent client are here, or it has left: it wants its turn."""
        if visit not in self._silent:  # it was dropped a moment ago
            return
        self._selector.unregister(visit.transport)
        del self._silent[visit]
        self._ready.setdefault(_host(visit), deque()).append(visit)

    def _drop_silent(self) -> None:
        """Drop those who have been silent for too long."""
        now = time.monotonic()
        while self._silent and (oldest := next(iter(self._silent))) and self._silent[oldest] <= now:
            self._forget(oldest, TimeoutError(f"it has said nothing for {self._limits.first_byte:g} s"))

    def _make_room(self, *, ends_served: bool) -> bool:
        """End a connection of the address that has most of those that came to nothing yet; return whether there is one.

        The silent go first, then those who wait, and those in their handshake last.

        ends_served: whether these count: they have a descriptor each, but no place among those who wait.
        """
        with self._lock:
            handshaking = [
                visit for visit in self._serving if ends_served and not visit.is_admitted and not visit.is_cut
            ]
        waiting = [visit for visits in self._ready.values() for visit in visits]
        counts = Counter(map(_host, [*self._silent, *waiting, *handshaking]))
        if not counts:
            return False
        [(greediest, _)] = counts.most_common(1)
        why = ConnectionAbortedError("others need its place")
        for visit in self._silent:
            if _host(visit) == greediest:
                self._forget(visit, why)
                return True
        if greediest in self._ready:
            visit = self._next_of(greediest)
            self._drop(visit, why)
            return True
        self._cut(next(visit for visit in handshaking if _host(visit) == greediest))
        return True

    def _cut(self, visit: Visit) -> None:
        """Cut a connection that is being served; its thread notices."""
        visit.is_cut = True
        with contextlib.suppress(OSError):  # it may have ended by itself
            visit.transport.shutdown(socket.SHUT_RDWR)

    def _next_of(self, host: str) -> Visit:
        """Take the next of an address out of those who wait."""
        visits = self._ready[host]
        visit = visits.popleft()
        if not visits:
            del self._ready[host]
        else:
            self._ready.move_to_end(host)
        self._leaves_waiting(visit)
        return visit

    def _shed(self) -> None:
        """There is too little for one more connection: end another, or turn away the one that knocks."""
        if not self._make_room(ends_served=True) and self._spare is not None:
            os.close(self._spare)
            with contextlib.suppress(OSError):
                transport, peer = self._socket.accept()
                why = ConnectionAbortedError("there are no descriptors left")
                self._drop(Visit(transport, peer, self._admitted), why)
            self._spare = None
        if self._spare is None:
            self._spare = _spare()
        time.sleep(PAUSE)

    def _forget(self, visit: Visit, why: OSError) -> None:
        """Drop a silent connection."""
        self._selector.unregister(visit.transport)
        del self._silent[visit]
        self._leaves_waiting(visit)
        self._drop(visit, why)

    def _drop(self, visit: Visit, why: OSError) -> None:
        visit.transport.close()
        self._on_error(visit.peer, why)

    def _leaves_waiting(self, visit: Visit) -> None:
        host = _host(visit)
        self._waiting[host] -= 1
        if not self._waiting[host]:
            del self._waiting[host]

    def _hand_out(self) -> None:
        """Give those who wait to threads: one of each address in turn, as long as there is room."""
        progress = True
        while progress and self._ready:
            progress = False
            for host in list(self._ready):
                with self._lock:
                    is_full = len(self._serving) >= self._most_threads
                if is_full:
                    self._try_for_more()
                    self._end_slow()
                    return
                with self._lock:
                    if self._handshaking.get(host, 0) >= self._limits.per_address:
                        continue
                self._serve(self._next_of(host))
                progress = True

    def _try_for_more(self) -> None:
        """Allow one thread more, some time after one could not be had."""
        if self._most_threads < self._limits.connections and time.monotonic() >= self._no_thread_before:
            self._most_threads += 1
            self._no_thread_before = time.monotonic() + NO_THREADS

    def _end_slow(self) -> None:
        """End a handshake that is slow and of an address that wants several, if its place or thread is needed."""
        with self._lock:
            needed = len(self._serving) > self._most_threads or any(
                host not in self._handshaking for host in self._ready
            )
            if not needed:
                return
            slow = [v for v in self._serving if not v.is_admitted and v.since + GRACE < time.monotonic()]
            wanted = Counter(self._handshaking) + Counter(self._waiting)
        if slow := [visit for visit in slow if wanted[_host(visit)] > 1 and not visit.is_cut]:
            self._cut(max(slow, key=lambda visit: (wanted[_host(visit)], -visit.since)))  # the oldest of the greediest

    def _serve(self, visit: Visit) -> None:
        """Let a thread serve the visit: a new one, if all that there are have something to do."""
        host = _host(visit)
        with self._lock:
            needs_thread = len(self._serving) >= len(self._threads)
        if needs_thread and not self._start_thread():
            if self._threads:  # one of these will do, in a while
                self._ready.setdefault(host, deque()).appendleft(visit)
                self._waiting[host] = self._waiting.get(host, 0) + 1
            else:
                self._drop(visit, ConnectionAbortedError("there is no thread to serve it"))
            return
        with self._lock:
            self._serving.add(visit)
            visit.since = time.monotonic()
            self._handshaking[host] = self._handshaking.get(host, 0) + 1
        visit.transport.setblocking(True)
        self._work.put(visit)

    def _start_thread(self) -> bool:
        """Start a thread; return whether one could be had. If not, leave the other half to the rest of the program."""
        thread = threading.Thread(target=self._work_on, name="serve", daemon=True)
        try:
            if self._threads:
                mmap.mmap(-1, ROOM).close()
            thread.start()
        except (RuntimeError, MemoryError, OSError):  # "can't start new thread", or there is no memory
            self._most_threads = max(1, len(self._threads) // 2)
            self._no_thread_before = time.monotonic() + NO_THREADS
            return False
        with self._lock:
            self._threads.add(thread)
        return True

    def _work_on(self) -> None:
        """Serve visits until there are no more: threads that end would take memory with them (gmpy2 keeps some)."""
        while (visit := self._work.get()) is not None:
            try:
                self._converse(visit)
            except Exception:  # a fault of ours: it is shown, and the others are served all the same
                threading.excepthook(threading.ExceptHookArgs((*sys.exc_info(), threading.current_thread())))
            finally:
                visit.transport.close()
                is_needed = self._ended(visit)
            if not is_needed:
                break

    def _admitted(self, visit: Visit) -> None:
        with self._lock:
            if visit.is_admitted:
                return
            visit.is_admitted = True
            host = _host(visit)
            self._handshaking[host] -= 1
            if not self._handshaking[host]:
                del self._handshaking[host]
        self._rouse()

    def _ended(self, visit: Visit) -> bool:
        """Note that the visit has ended; return whether its thread, which this is, should go on to the next."""
        self._admitted(visit)
        with self._lock:
            self._serving.discard(visit)
            is_needed = len(self._threads) <= self._most_threads
            if not is_needed:
                self._threads.discard(threading.current_thread())
            self._lock.notify_all()
        self._rouse()
        return is_needed


def _host(visit: Visit) -> str:
    return str(visit.peer[0])


def _most_descriptors() -> float:
    """Return how many descriptors connections can take."""
    try:
        import resource
    except ImportError:  # on Windows, which sets no limit
        return math.inf
    most, _ = resource.getrlimit(resource.RLIMIT_NOFILE)
    return math.inf if most == resource.RLIM_INFINITY else most - min(RESERVE, most // 2)


def _spare() -> int | None:
    """Return a descriptor to give up when there are no others; None if even this fails."""
    try:
        return os.open(os.devnull, os.O_RDONLY)
    except OSError:
        return None
