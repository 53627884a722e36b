// SPDX-License-Identifier: Apache-2.0
package edge.drivers.modbus.client;

import edge.api.device.Quality.Reason;
import edge.drivers.modbus.codec.ExceptionCode;
import edge.drivers.modbus.codec.Request;
import edge.drivers.modbus.codec.Response;
import java.nio.ByteBuffer;
import java.util.List;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** One request on its way. */
final class Call implements Runnable {
    private static final Logger LOG = LoggerFactory.getLogger(Call.class);

    final Link link;
    final Request request;
    final long timeoutNanos;
    private final ResponseHandler handler;
    /** Set when sent. */
    long sentAt;
    /** How long this one is waited for; set when sent. */
    long patience;
    /** Set when sent. */
    int transaction;

    Call(Link link, Request request, ResponseHandler handler, long timeoutNanos) {
        this.link = link;
        this.request = request;
        this.handler = handler;
        this.timeoutNanos = timeoutNanos;
    }

    /** Arrives on the line's thread. */
    @Override
    public void run() {
        link.accept(this);
    }

    long deadline() {
        return sentAt + patience;
    }

    /**
     * Hands over a checked answer.
     *
     * @param exception 0, or the code of the exception that it is
     * @param at where its unit id is
     */
    void deliver(int exception, ByteBuffer in, int at) {
        if (exception != 0) {
            fail(new Failure(Reason.REJECTED, exception, ExceptionCode.describe(exception)));
            return;
        }
        try {
            handler.answered(request, in, Response.dataStart(at));
        } catch (RuntimeException | Error e) {
            LOG.error("Handling the answer to {} failed", request, e);
        }
    }

    void fail(Failure failure) {
        try {
            handler.failed(request, failure);
        } catch (RuntimeException | Error e) {
            LOG.error("Handling the failure of {} failed", request, e);
        }
    }

    static void fail(List<Call> calls, Failure failure) {
        for (Call call : calls) {
            call.fail(failure);
        }
    }

    /** Whether a gateway says with this exception that the unit behind it is silent. */
    static boolean isSilence(int exception) {
        return exception == ExceptionCode.GATEWAY_PATH_UNAVAILABLE.code()
            || exception == ExceptionCode.GATEWAY_TARGET_FAILED.code();
    }

    Failure tooLate() {
        return Failure.of(Reason.TIMEOUT, "no answer within " + patience / 1_000_000 + " ms");
    }
}
