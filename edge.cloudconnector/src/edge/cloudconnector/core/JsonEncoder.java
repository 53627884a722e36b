// SPDX-License-Identifier: Apache-2.0
package edge.cloudconnector.core;

import edge.api.journal.JournalRecord;
import edge.api.uplink.Encoder;
import edge.api.uplink.Lane;
import edge.json.MessageJson;
import org.osgi.service.component.annotations.Component;

/** The encoder {@code json}: one JSON object a record. */
@Component(property = "encoder=json")
public final class JsonEncoder implements Encoder {

    @Override
    public byte[] encode(JournalRecord record, Lane lane) {
        return MessageJson.cloud(record, lane);
    }
}
