// SPDX-License-Identifier: Apache-2.0
package edge.cloudconnector.core;

import edge.api.journal.JournalRecord;
import edge.api.message.RawMessage;
import edge.api.uplink.Encoder;
import edge.api.uplink.Lane;
import edge.json.MessageJson;
import java.util.List;
import org.osgi.service.component.annotations.Component;

/**
 * The encoder {@code raw}: the payload of a third party's message as it was published, so that the target's topic has to carry
 * its identity; everything else as JSON.
 */
@Component(property = CloudConnector.ENCODER_PROPERTY + "=raw")
public final class RawEncoder implements Encoder {

    @Override
    public List<Payload> encode(JournalRecord record, Lane lane) {
        return List.of(new Payload(record instanceof JournalRecord.Stored stored && stored.message() instanceof RawMessage raw
            ? raw.payload() : MessageJson.cloud(record, lane)));
    }
}
