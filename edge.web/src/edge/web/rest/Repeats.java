// SPDX-License-Identifier: Apache-2.0
package edge.web.rest;

import edge.web.http.Call;
import edge.web.http.HttpProblem;
import edge.web.http.Reply;
import edge.web.http.Route.Handler;
import java.time.Duration;
import java.util.Arrays;
import java.util.Iterator;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.regex.Pattern;

/**
 * Sees to it that a change is carried out once although its request comes twice: whoever repeats a request whose answer was lost
 * sends the same Idempotency-Key and gets the answer of the first. Remembers the last {@value #MOST} for an hour, until the console
 * restarts. Any thread.
 */
final class Repeats {
    static final String HEADER = "Idempotency-Key";
    private static final int MOST = 100;
    private static final long KEPT_NANOS = Duration.ofHours(1).toNanos();
    private static final Pattern KEY = Pattern.compile("[\\x21-\\x7e]{1,100}");

    private final Map<Name, First> firsts = new LinkedHashMap<>(); // guarded by itself

    /** A key is its caller's own. */
    private record Name(String caller, String path, String key) {
    }

    private record First(int body, long sinceNanos, CompletableFuture<Reply> reply) {
    }

    /** The same handler, but it does its work once for each key. */
    Handler once(Handler handler) {
        return call -> {
            if (call.header(HEADER).isEmpty()) {
                return handler.handle(call);
            }
            String key = call.header(HEADER).get();
            if (!KEY.matcher(key).matches()) {
                throw HttpProblem.badRequest(HEADER + " must be 1 to 100 printable characters without blanks.");
            }
            return once(new Name(call.caller().name(), call.request().path(), key), call, handler);
        };
    }

    private CompletionStage<Reply> once(Name name, Call call, Handler handler) throws Exception {
        CompletableFuture<Reply> mine = new CompletableFuture<>();
        First first;
        synchronized (firsts) {
            forgetOld();
            first = firsts.putIfAbsent(name, new First(Arrays.hashCode(call.body()), System.nanoTime(), mine));
        }
        if (first != null) {
            if (first.body() != Arrays.hashCode(call.body())) {
                throw new HttpProblem(422, "key-used", "This " + HEADER + " was sent before with another request.");
            }
            return first.reply().copy();
        }
        try {
            handler.handle(call).whenComplete((reply, problem) -> {
                if (problem == null) {
                    mine.complete(reply);
                } else {
                    forget(name, mine, problem);
                }
            });
            return mine.copy();
        } catch (Exception e) {
            // Nothing was done: the next one may try.
            forget(name, mine, e);
            throw e;
        }
    }

    private void forget(Name name, CompletableFuture<Reply> reply, Throwable problem) {
        synchronized (firsts) {
            firsts.remove(name);
        }
        reply.completeExceptionally(problem);
    }

    private void forgetOld() {
        long now = System.nanoTime();
        Iterator<First> oldest = firsts.values().iterator();
        while (oldest.hasNext()) {
            First one = oldest.next();
            if (firsts.size() < MOST && now - one.sinceNanos() < KEPT_NANOS) {
                return;
            }
            oldest.remove();
        }
    }
}
