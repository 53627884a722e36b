// SPDX-License-Identifier: Apache-2.0
package edge.cloudconnector.core;

import edge.api.journal.JournalRecord;
import edge.api.message.StreamId;
import edge.api.uplink.Encoder;
import edge.api.uplink.Encoder.Payload;
import edge.api.uplink.Lane;
import edge.api.uplink.OutboundMessage;
import edge.cloudconnector.core.Batch.Piece;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.UnaryOperator;
import java.util.zip.GZIPOutputStream;

/** Makes messages of records: corrects their clock, encodes, joins, compresses. */
final class Packer {

    /** Below that, gzip makes it larger. */
    private static final int WORTHWHILE = 200;

    private final Encoder encoder;
    private final Lane lane;
    private final UnaryOperator<JournalRecord> corrections;

    Packer(Encoder encoder, Lane lane, UnaryOperator<JournalRecord> corrections) {
        this.encoder = encoder;
        this.lane = lane;
        this.corrections = corrections;
    }

    /** What became of one record, encoded. */
    private record Encoded(Item item, List<Payload> payloads) {
    }

    /**
     * Packs records. One that the encoder does not take is refused.
     *
     * @param most records in a message
     */
    List<Piece> pack(List<Item> items, int most, boolean gzip) {
        Map<StreamId, List<Encoded>> together = new LinkedHashMap<>();
        List<Piece> pieces = new ArrayList<>();
        for (Item item : items) {
            Optional<Encoded> encoded = encode(item);
            if (encoded.isEmpty()) {
                continue;
            }
            if (most == 1 || encoded.get().payloads().size() > 1) {
                single(encoded.get(), gzip, pieces);
            } else {
                List<Encoded> group = together.computeIfAbsent(item.record.key().stream(), stream -> new ArrayList<>());
                group.add(encoded.get());
                if (group.size() == most) {
                    joined(group, gzip, pieces);
                    group.clear();
                }
            }
        }
        together.values().forEach(group -> joined(group, gzip, pieces));
        return pieces;
    }

    private Optional<Encoded> encode(Item item) {
        try {
            return Optional.of(new Encoded(item, encoder.encode(corrections.apply(item.record), lane)));
        } catch (RuntimeException e) {
            item.to(Item.Step.REFUSED);
            item.refusals++;
            item.reason = "the encoder fails: " + e;
            return Optional.empty();
        }
    }

    private void single(Encoded encoded, boolean gzip, List<Piece> pieces) {
        for (Payload payload : encoded.payloads()) {
            pieces.add(piece(List.of(encoded.item()), payload.tag(), payload.bytes(), gzip));
        }
    }

    private void joined(List<Encoded> group, boolean gzip, List<Piece> pieces) {
        if (group.isEmpty()) {
            return;
        }
        Optional<byte[]> all = group.size() == 1 ? Optional.empty()
            : encoder.join(group.stream().map(encoded -> encoded.payloads().get(0).bytes()).toList());
        if (all.isPresent()) {
            pieces.add(piece(group.stream().map(Encoded::item).toList(), "", all.get(), gzip));
        } else {
            group.forEach(encoded -> single(encoded, gzip, pieces));
        }
    }

    private Piece piece(List<Item> items, String tag, byte[] bytes, boolean gzip) {
        items.forEach(item -> item.open++);
        boolean compress = gzip && bytes.length >= WORTHWHILE;
        return new Piece(new OutboundMessage(items.stream().map(item -> item.record).toList(), lane, tag,
            compress ? gzip(bytes) : bytes, compress ? "gzip" : ""), items);
    }

    private static byte[] gzip(byte[] bytes) {
        ByteArrayOutputStream out = new ByteArrayOutputStream(bytes.length / 2);
        try (GZIPOutputStream gzip = new GZIPOutputStream(out)) {
            gzip.write(bytes);
        } catch (IOException e) {
            throw new UncheckedIOException("writing to memory failed", e);
        }
        return out.toByteArray();
    }
}
