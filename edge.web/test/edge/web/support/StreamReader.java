// SPDX-License-Identifier: Apache-2.0
package edge.web.support;

import edge.json.Json;
import edge.json.JsonParser;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStream;
import java.io.InputStreamReader;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;

/** Reads server-sent events. */
public final class StreamReader implements AutoCloseable {
    private final BufferedReader in;
    private String lastId = "";

    public StreamReader(HttpResponse<InputStream> response) {
        if (response.statusCode() != 200) {
            throw new AssertionError("the stream answered " + response.statusCode());
        }
        in = new BufferedReader(new InputStreamReader(response.body(), StandardCharsets.UTF_8));
    }

    /** Reads what was decompressed already. */
    public StreamReader(InputStream plain) {
        in = new BufferedReader(new InputStreamReader(plain, StandardCharsets.UTF_8));
    }

    /** The data of the next event of that name; others are skipped. */
    public Json.Obj next(String name) throws Exception {
        String event = "";
        String data = "";
        for (String line = in.readLine(); line != null; line = in.readLine()) {
            if (line.isEmpty()) {
                if (event.equals(name)) {
                    return JsonParser.parse(data).asObject();
                }
                event = "";
            } else if (line.startsWith("event: ")) {
                event = line.substring(7);
            } else if (line.startsWith("data: ")) {
                data = line.substring(6);
            } else if (line.startsWith("id: ")) {
                lastId = line.substring(4);
            }
        }
        throw new AssertionError("the stream ended before an event " + name);
    }

    /** The id of the last event that had one. */
    public String lastId() {
        return lastId;
    }

    /** Whether nothing comes any more. */
    public boolean isAtEnd() throws IOException {
        return in.readLine() == null;
    }

    @Override
    public void close() throws IOException {
        in.close();
    }
}
