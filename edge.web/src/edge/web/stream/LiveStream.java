// SPDX-License-Identifier: Apache-2.0
package edge.web.stream;

import edge.api.health.LogBook;
import edge.web.http.Call;
import edge.web.http.HttpProblem;
import edge.web.http.Reply;
import edge.web.http.Session;
import edge.web.http.Sessions;
import edge.web.parts.Parts;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.UUID;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.atomic.AtomicInteger;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The live stream (server-sent events): first the whole picture, then what changed. Nothing is queued for a client: what
 * changes while its connection is busy is told by the next event as it is then, and a client that takes nothing for a while
 * is cut off and connects again. Without clients it costs nothing.
 */
public final class LiveStream implements AutoCloseable {
    private static final Logger LOG = LoggerFactory.getLogger(LiveStream.class);
    /** How often {@link #tick} is to be called, in milliseconds. */
    public static final int TICK_MILLIS = 250;

    private static final int TICKS_A_PICTURE = 1000 / TICK_MILLIS;
    private static final int MOST_DEVICES = 20;

    private final Parts parts;
    private final Sessions sessions;
    private final int most;
    private final String run = UUID.randomUUID().toString().substring(0, 8);
    private final List<StreamClient> clients = new CopyOnWriteArrayList<>();
    private final AtomicInteger count = new AtomicInteger();
    private final Picture picture;
    private long ticks; // only used by the ticking thread

    /** @param most clients at a time */
    public LiveStream(Parts parts, Sessions sessions, int most) {
        this.parts = parts;
        this.sessions = sessions;
        this.most = most;
        this.picture = new Picture(parts);
    }

    /** Begins a stream: {@code ?device=} (comma separated) for tags, {@code ?log=} (a level) for the log. */
    public Reply open(Call call) throws HttpProblem {
        List<String> devices = call.query("device").filter(text -> !text.isEmpty())
            .map(text -> List.of(text.split(","))).orElse(List.of());
        if (devices.size() > MOST_DEVICES) {
            throw HttpProblem.badRequest("At most " + MOST_DEVICES + " devices may be watched on one stream.");
        }
        Optional<LogBook.Level> level = Optional.empty();
        if (call.query("log").isPresent()) {
            String name = call.query("log").get();
            level = Optional.of(Arrays.stream(LogBook.Level.values())
                .filter(known -> known.name().toLowerCase(Locale.ROOT).equals(name)).findFirst()
                .orElseThrow(() -> HttpProblem.badRequest("'log' must be one of debug, info, warn, error.")));
        }
        if (count.incrementAndGet() > most) {
            count.decrementAndGet();
            throw new HttpProblem(503, "too-many-streams", "There are " + most
                + " live streams already. Close a page of this gateway and try again.");
        }
        Optional<Session> session = call.identity().flatMap(Call.Identity::session);
        long seen = seen(call.header("Last-Event-ID").orElse(""));
        Optional<LogBook.Level> wanted = level;
        return Reply.feed("text/event-stream", sink -> clients.add(new StreamClient(parts, sink, session, devices, wanted,
            run, seen)));
    }

    /** The number of the last log line that a client has, from the id of the last event that it got from this run. */
    private long seen(String lastEventId) {
        String mine = run + "-";
        try {
            return lastEventId.startsWith(mine) ? Long.parseLong(lastEventId.substring(mine.length())) : 0;
        } catch (NumberFormatException e) {
            return 0;
        }
    }

    /** Sends what changed. Called by one thread. */
    public void tick() {
        if (clients.isEmpty()) {
            ticks = 0;
            return;
        }
        boolean fresh = ticks++ % TICKS_A_PICTURE == 0;
        if (fresh) {
            picture.take();
        }
        List<StreamClient> gone = new ArrayList<>();
        for (StreamClient client : clients) {
            if (!client.isOpen()) {
                gone.add(client);
            } else if (!client.session().map(sessions::isAlive).orElse(true) || client.isTooOld()) {
                client.end();
                gone.add(client);
            } else {
                send(client, fresh);
            }
        }
        if (!gone.isEmpty()) {
            clients.removeAll(gone);
            count.addAndGet(-gone.size());
        }
    }

    private void send(StreamClient client, boolean fresh) {
        try {
            client.tick(picture, fresh);
        } catch (RuntimeException e) {
            LOG.error("The live stream of a client failed", e);
            client.abort("internal error");
        }
    }

    /** Ends every stream. */
    @Override
    public void close() {
        for (StreamClient client : clients) {
            client.abort("the console is stopping");
        }
        clients.clear();
    }
}
