// SPDX-License-Identifier: Apache-2.0
package edge.web.parts;

import com.fasterxml.jackson.core.JsonGenerator;
import edge.api.deploy.BundleState;
import edge.json.JsonWriter;
import java.io.IOException;
import java.util.List;

/** Bundles as JSON. */
public final class BundleJson {

    private BundleJson() {
    }

    /** One bundle. */
    public static void bundle(JsonGenerator out, BundleState bundle) throws IOException {
        out.writeStartObject();
        out.writeStringField("name", bundle.symbolicName());
        out.writeStringField("version", bundle.version());
        out.writeStringField("title", bundle.title());
        out.writeStringField("phase", JsonWriter.lower(bundle.phase()));
        out.writeStringField("origin", JsonWriter.lower(bundle.origin()));
        out.writeBooleanField("startRequested", bundle.startRequested());
        texts(out, "problems", bundle.problems());
        texts(out, "components", bundle.components());
        out.writeEndObject();
    }

    /** A member that is a list of texts. */
    public static void texts(JsonGenerator out, String name, List<String> texts) throws IOException {
        out.writeArrayFieldStart(name);
        for (String text : texts) {
            out.writeString(text);
        }
        out.writeEndArray();
    }
}
