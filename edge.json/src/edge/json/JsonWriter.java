// SPDX-License-Identifier: Apache-2.0
package edge.json;

import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.JsonGenerator;
import com.fasterxml.jackson.core.util.ByteArrayBuilder;
import edge.api.device.Quality;
import edge.api.value.Value;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.util.HexFormat;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;

/** Writes JSON as the formats of this product want it. */
public final class JsonWriter {

    /** Integers beyond this lose digits in a JavaScript number: they are written as texts. */
    private static final long MAX_EXACT = 1L << 53;

    private static final JsonFactory FACTORY = new JsonFactory();

    private JsonWriter() {
    }

    /** Something that writes one JSON value. */
    @FunctionalInterface
    public interface Body {
        void write(JsonGenerator out) throws IOException;
    }

    /** The bytes, UTF-8, of what the body writes. */
    public static byte[] bytes(Body body) {
        try (ByteArrayBuilder buffer = new ByteArrayBuilder(FACTORY._getBufferRecycler(), 512)) {
            try (JsonGenerator out = FACTORY.createGenerator(buffer)) {
                body.write(out);
            }
            return buffer.toByteArray();
        } catch (IOException e) {
            throw new UncheckedIOException("writing to memory failed", e);
        }
    }

    /** A node as JSON text, on one line. */
    public static String text(Json node) {
        return new String(bytes(out -> tree(out, node)), StandardCharsets.UTF_8);
    }

    /** Writes a parsed node as it was read. */
    public static void tree(JsonGenerator out, Json node) throws IOException {
        if (node instanceof Json.Obj object) {
            out.writeStartObject();
            for (Map.Entry<String, Json> member : object.members().entrySet()) {
                out.writeFieldName(member.getKey());
                tree(out, member.getValue());
            }
            out.writeEndObject();
        } else if (node instanceof Json.Array array) {
            out.writeStartArray();
            for (Json item : array.items()) {
                tree(out, item);
            }
            out.writeEndArray();
        } else if (node instanceof Json.Text text) {
            out.writeString(text.value());
        } else if (node instanceof Json.Num number) {
            out.writeNumber(number.value());
        } else if (node instanceof Json.Bool bool) {
            out.writeBoolean(bool.value());
        } else {
            out.writeNull();
        }
    }

    /** Writes a value: integers beyond 2^53 as text, NaN and infinities and no value as null, bytes as hexadecimal text. */
    public static void value(JsonGenerator out, Value value) throws IOException {
        if (value instanceof Value.Real real) {
            if (Double.isFinite(real.value())) {
                out.writeNumber(real.value());
            } else {
                out.writeNull();
            }
        } else if (value instanceof Value.Signed signed) {
            if (signed.value() <= MAX_EXACT && signed.value() >= -MAX_EXACT) {
                out.writeNumber(signed.value());
            } else {
                out.writeString(Long.toString(signed.value()));
            }
        } else if (value instanceof Value.Unsigned unsigned) {
            if (unsigned.bits() >= 0 && unsigned.bits() <= MAX_EXACT) {
                out.writeNumber(unsigned.bits());
            } else {
                out.writeString(Long.toUnsignedString(unsigned.bits()));
            }
        } else if (value instanceof Value.Bool bool) {
            out.writeBoolean(bool.value());
        } else if (value instanceof Value.Text text) {
            out.writeString(text.value());
        } else if (value instanceof Value.Bytes bytes) {
            out.writeString(HexFormat.of().formatHex(bytes.value()));
        } else {
            out.writeNull();
        }
    }

    /**
     * The quality that goes with a value in JSON: a number that JSON cannot carry is BAD, whatever the driver said.
     */
    public static Quality quality(Value value, Quality quality) {
        if (value instanceof Value.Real real && !Double.isFinite(real.value()) && !quality.isBad()) {
            return Quality.bad(Quality.Reason.OUT_OF_RANGE, "the value is " + real.value());
        }
        return quality;
    }

    /** Writes {@code "quality"}, {@code "reason"} and {@code "detail"} as members; only what is not GOOD. */
    public static void qualityMembers(JsonGenerator out, Quality quality) throws IOException {
        if (quality.isGood()) {
            return;
        }
        out.writeStringField("quality", lower(quality.level()));
        out.writeStringField("reason", lower(quality.reason()));
        if (!quality.detail().isEmpty()) {
            out.writeStringField("detail", quality.detail());
        }
    }

    /** Writes a time as UTC ISO-8601 text. */
    public static void time(JsonGenerator out, String name, Instant time) throws IOException {
        out.writeStringField(name, IsoTime.text(time));
    }

    /** Writes a member if there is a time. */
    public static void time(JsonGenerator out, String name, Optional<Instant> time) throws IOException {
        if (time.isPresent()) {
            time(out, name, time.get());
        }
    }

    /** An enum constant as the formats write it: lower case, hyphens for underscores. */
    public static String lower(Enum<?> constant) {
        return constant.name().toLowerCase(Locale.ROOT).replace('_', '-');
    }
}
