// SPDX-License-Identifier: Apache-2.0
package edge.drivers.modbus.client;

import edge.api.device.Quality.Reason;
import edge.drivers.modbus.codec.Framing;
import edge.drivers.modbus.codec.MalformedException;
import edge.drivers.modbus.codec.Response;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;

/**
 * Requests and answers on an open serial port, one after the other, with the silences that the standard wants between frames
 * (serial line, 2.4 and 2.5.1). The kernel hands out bytes with delays of its own, so that a gap inside a frame counts only
 * when it is far longer than the standard's 1.5 characters; the checksum tells what belongs together.
 */
final class SerialTransactions {
    /** What kernel, adapter and scheduler may add to a gap. */
    private static final long SLACK = TimeUnit.MILLISECONDS.toNanos(50);
    /** Noise is listened to for so long at most before the next request. */
    private static final long MAX_NOISE = TimeUnit.MILLISECONDS.toNanos(500);
    /** How long nobody looks whether the device was ended meanwhile. */
    private static final long LOOK = TimeUnit.MILLISECONDS.toNanos(100);
    private static final int BROADCAST = 0;

    private final SerialPort port;
    private final SerialLine line;
    private final Breakers breakers;
    private final Framing framing;
    private final ByteBuffer out = ByteBuffer.allocate(Framing.MAX_FRAME);
    private final ByteBuffer in = ByteBuffer.allocate(2 * Framing.MAX_FRAME);
    /** When the last byte was seen or has been sent, by {@link System#nanoTime}. */
    private long lastByte = System.nanoTime();

    SerialTransactions(SerialPort port, SerialLine line, Breakers breakers) {
        this.port = port;
        this.line = line;
        this.framing = line.framing();
        this.breakers = breakers;
    }

    void close() {
        port.close();
    }

    /**
     * Sends a request and gives it its outcome, which takes as long as the unit's answer.
     *
     * @throws IOException if the port is gone; the call has no outcome then
     */
    void transact(Call call) throws IOException {
        int unit = call.request.unit();
        if (unit == BROADCAST) {
            broadcast(call);
            return;
        }
        try {
            exchange(call, unit);
        } finally {
            breakers.forgetProbe(unit);
        }
    }

    private void exchange(Call call, int unit) throws IOException {
        for (int attempt = 0;; attempt++) {
            call.patience = breakers.ask(unit, call.timeoutNanos);
            send(call);
            boolean again = attempt < line.retries();
            try {
                int length = receive(call);
                long nanos = System.nanoTime() - call.sentAt;
                if (length == 0 && call.link.isClosing()) {
                    call.fail(Failure.PAUSED);
                    return;
                } else if (length == 0) {
                    call.link.counter().failed(Reason.TIMEOUT, nanos);
                    if (!again || !breakers.deservesRetry(unit)) {
                        breakers.silent(unit, call.patience, System.nanoTime());
                        call.fail(call.tooLate());
                        return;
                    }
                } else {
                    int exception = Response.check(call.request, in, 0, framing.pduAndUnit(length));
                    call.link.counter().answered(nanos, exception != 0);
                    breakers.answered(unit, nanos);
                    call.deliver(exception, in, 0);
                    return;
                }
            } catch (MalformedException e) {
                call.link.counter().failed(Reason.MALFORMED, System.nanoTime() - call.sentAt);
                if (!again) {
                    // It has said something: it is there, but the line is bad.
                    breakers.answered(unit, System.nanoTime() - call.sentAt);
                    call.fail(Failure.of(Reason.MALFORMED, "the answer is malformed: " + e.getMessage()
                        + "; check wiring, termination, baud rate and parity"));
                    return;
                }
            }
        }
    }

    private void broadcast(Call call) throws IOException {
        send(call);
        LockSupport.parkNanos(line.turnaround().toNanos());
        call.link.counter().answered(System.nanoTime() - call.sentAt, false);
        call.deliver(0, out, 0);
    }

    private void send(Call call) throws IOException {
        listenUntilQuiet();
        out.clear();
        framing.encode(call.request, 0, out);
        call.sentAt = System.nanoTime();
        port.write(out.array(), out.position());
        call.link.counter().sent();
        lastByte = System.nanoTime() + out.position() * line.characterNanos();
    }

    /** Lets what still comes, an answer that is too late or noise, go by until the line has been silent for long enough. */
    private void listenUntilQuiet() throws IOException {
        long begun = System.nanoTime();
        for (long now = begun; now - begun < MAX_NOISE; now = System.nanoTime()) {
            long wait = lastByte + line.frameGapNanos() - now;
            if (port.read(in.array(), 0, Math.max(0, wait)) > 0) {
                lastByte = System.nanoTime();
            } else if (wait <= 0) {
                return;
            }
        }
    }

    /**
     * Waits for the answer.
     *
     * @return its length; it stands at the beginning of {@link #in} and its checksum is right; 0 if there is none in time, or
     *     if the device is ended
     */
    private int receive(Call call) throws IOException, MalformedException {
        long deadline = lastByte + call.patience;
        int count = 0;
        while (true) {
            int length = framing.length(in, 0, count);
            if (length >= 0 && length <= count) {
                framing.check(in, 0, length);
                if ((in.get(0) & 0xff) == call.request.unit()) {
                    if (count > length) {
                        throw new MalformedException((count - length) + " bytes behind its end");
                    }
                    return length;
                }
                // Somebody who is too late: the one that was asked may still answer (serial line, 2.4.1).
                System.arraycopy(in.array(), length, in.array(), 0, count - length);
                count -= length;
                continue;
            }
            long now = System.nanoTime();
            long wait = count == 0 ? deadline - now : lastByte + line.characterGapNanos(SLACK) - now;
            int read = wait <= 0 && count == 0 ? 0 : port.read(in.array(), count, Math.min(LOOK, Math.max(0, wait)));
            if (read == 0 && wait > LOOK && !call.link.isClosing()) {
                continue;
            }
            if (read == 0) {
                if (count == 0) {
                    return 0;
                }
                throw new MalformedException("it stopped after " + count + " bytes");
            }
            lastByte = System.nanoTime();
            count += read;
        }
    }
}
