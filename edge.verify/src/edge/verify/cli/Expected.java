// SPDX-License-Identifier: Apache-2.0
package edge.verify.cli;

import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.core.JsonToken;
import edge.verify.Account;
import java.io.IOException;
import java.nio.file.Path;

/** What the gateway itself says that it has sequenced. */
final class Expected {

    private Expected() {
    }

    /** Enters every stream of an answer of {@code GET /api/v1/journal}. */
    static void enter(Path file, Account account) throws IOException {
        try (JsonParser json = new JsonFactory().createParser(file.toFile())) {
            if (json.nextToken() != JsonToken.START_OBJECT) {
                throw new IOException(file + " is no answer of GET /api/v1/journal");
            }
            while (json.nextToken() == JsonToken.FIELD_NAME) {
                String name = json.currentName();
                JsonToken token = json.nextToken();
                if (name.equals("streams") && token == JsonToken.START_ARRAY) {
                    while (json.nextToken() == JsonToken.START_OBJECT) {
                        stream(json, account);
                    }
                    return;
                }
                json.skipChildren();
            }
        }
        throw new IOException(file + " lists no streams: is it the answer of GET /api/v1/journal?");
    }

    private static void stream(JsonParser json, Account account) throws IOException {
        String stream = "";
        String epoch = "";
        long last = 0;
        while (json.nextToken() == JsonToken.FIELD_NAME) {
            String name = json.currentName();
            json.nextToken();
            switch (name) {
                case "stream" -> stream = json.getText();
                case "epoch" -> epoch = json.getText();
                case "lastSequence" -> last = json.getLongValue();
                default -> json.skipChildren();
            }
        }
        account.expect(stream, epoch, last);
    }
}
