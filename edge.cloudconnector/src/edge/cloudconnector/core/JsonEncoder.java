// SPDX-License-Identifier: Apache-2.0
package edge.cloudconnector.core;

import edge.api.journal.JournalRecord;
import edge.api.uplink.Encoder;
import edge.api.uplink.Lane;
import edge.json.MessageJson;
import java.util.List;
import java.util.Optional;
import org.osgi.service.component.annotations.Component;

/** The encoder {@code json}: one JSON object a record; several records are an array. */
@Component(property = CloudConnector.ENCODER_PROPERTY + "=json")
public final class JsonEncoder implements Encoder {

    @Override
    public List<Payload> encode(JournalRecord record, Lane lane) {
        return List.of(new Payload(MessageJson.cloud(record, lane)));
    }

    @Override
    public Optional<byte[]> join(List<byte[]> payloads) {
        return Optional.of(JsonArrays.of(payloads));
    }
}
