// SPDX-License-Identifier: Apache-2.0
package edge.web.http;

import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;

/**
 * One operation of the REST API.
 *
 * @param method GET, PUT, POST or DELETE
 * @param template path below the API's root with parameters in braces: {@code /devices/{device}}
 * @param access who may
 * @param body what it takes
 * @param handler what it does
 */
public record Route(String method, String template, Access access, Body body, Handler handler) {

    /** What a route takes as its body, and how much of it. */
    public enum Body {
        NONE(0),
        /** A small JSON object. */
        JSON(64 * 1024),
        /** The text of a configuration. */
        TEXT(4 * 1024 * 1024),
        /** A file, which is not kept in memory; its limit is configuration. */
        FILE(Long.MAX_VALUE);

        private final long limit;

        Body(long limit) {
            this.limit = limit;
        }

        public long limit() {
            return limit;
        }
    }

    /** Does the work, on a thread of the listener, which it must not hold for long: what waits returns a stage. */
    @FunctionalInterface
    public interface Handler {
        /** @throws Exception becomes a problem document */
        CompletionStage<Reply> handle(Call call) throws Exception;
    }

    /** A handler that answers at once. */
    @FunctionalInterface
    public interface Immediate {
        /** @throws Exception becomes a problem document */
        Reply handle(Call call) throws Exception;
    }

    public static Route get(String template, Access access, Immediate handler) {
        return new Route("GET", template, access, Body.NONE, now(handler));
    }

    public static Route delete(String template, Access access, Immediate handler) {
        return new Route("DELETE", template, access, Body.NONE, now(handler));
    }

    public static Route post(String template, Access access, Body body, Immediate handler) {
        return new Route("POST", template, access, body, now(handler));
    }

    public static Route put(String template, Access access, Body body, Immediate handler) {
        return new Route("PUT", template, access, body, now(handler));
    }

    /** A handler that answers at once, as one that may take its time. */
    public static Handler now(Immediate handler) {
        return call -> CompletableFuture.completedFuture(handler.handle(call));
    }

    List<String> segments() {
        return List.of(template.substring(1).split("/"));
    }
}
