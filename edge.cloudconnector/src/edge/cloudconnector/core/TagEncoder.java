// SPDX-License-Identifier: Apache-2.0
package edge.cloudconnector.core;

import edge.api.device.Reading;
import edge.api.journal.JournalRecord;
import edge.api.message.ScanMessage;
import edge.api.uplink.Encoder;
import edge.api.uplink.Lane;
import edge.json.MessageJson;
import java.util.ArrayList;
import java.util.List;
import org.osgi.service.component.annotations.Component;

/** The encoder {@code json-tag}: one JSON object for each tag of a scan, which is one part of its record. */
@Component(property = CloudConnector.ENCODER_PROPERTY + "=json-tag")
public final class TagEncoder implements Encoder {

    @Override
    public List<Payload> encode(JournalRecord record, Lane lane) {
        if (!(record instanceof JournalRecord.Stored stored && stored.message() instanceof ScanMessage scan)) {
            return List.of(new Payload(MessageJson.cloud(record, lane)));
        }
        List<Reading> readings = scan.readings();
        List<Payload> payloads = new ArrayList<>();
        for (int i = 0; i < readings.size(); i++) {
            JournalRecord part = new JournalRecord.Stored(record.position(), record.key(), record.bootId(),
                new ScanMessage(scan.device(), scan.at(), List.of(readings.get(i))));
            payloads.add(new Payload(readings.get(i).tag().name(),
                MessageJson.cloudPart(part, lane, i + 1, readings.size())));
        }
        return payloads;
    }
}
