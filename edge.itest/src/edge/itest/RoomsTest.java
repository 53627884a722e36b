// SPDX-License-Identifier: Apache-2.0
package edge.itest;

import static org.assertj.core.api.Assertions.assertThat;

import edge.api.deploy.Deployer;
import edge.api.device.FieldDevice;
import edge.api.device.TagTable;
import edge.api.gateway.Gateway;
import edge.api.gateway.GatewayClock;
import edge.api.journal.Cursor;
import edge.api.journal.Journal;
import edge.api.journal.JournalRecord;
import edge.api.journal.StreamSelection;
import edge.api.message.MessageBus;
import edge.api.message.ScanMessage;
import edge.api.value.Value;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.osgi.framework.Bundle;
import org.osgi.framework.Constants;
import org.osgi.framework.ServiceRegistration;

class RoomsTest {

    @Test
    void every_bundle_is_active_and_has_no_problem() throws Exception {
        Deployer deployer = Framework.service(Deployer.class);
        Framework.service(MessageBus.class);

        Framework.untilNone("bundles without problems", () -> problems(deployer));
        for (Bundle bundle : Framework.context().getBundles()) {
            if (bundle.getHeaders().get(Constants.FRAGMENT_HOST) == null) {
                assertThat(bundle.getState()).as(bundle.getSymbolicName()).isIn(Bundle.ACTIVE, Bundle.STARTING);
            }
        }
    }

    private static List<String> problems(Deployer deployer) {
        return deployer.bundles().stream()
            .flatMap(bundle -> bundle.problems().stream().map(problem -> bundle.symbolicName() + ": " + problem)).toList();
    }

    @Test
    void a_reading_goes_from_the_device_over_the_bus_into_the_journal() throws Exception {
        Journal journal = Framework.service(Journal.class);
        MessageBus bus = Framework.service(MessageBus.class);
        TagTable table = Framework.service(TagTable.class);
        Gateway gateway = Framework.service(Gateway.class);
        GatewayClock clock = Framework.service(GatewayClock.class);
        List<Long> seen = new CopyOnWriteArrayList<>();
        List<JournalRecord.Stored> stored = new ArrayList<>();

        // Whoever listens listens before the device is there: its first scan is due at once.
        FieldDevice.Observation subscription = bus.subscribe("edge/v1/closed-box", message ->
            seen.add(count((ScanMessage) message)));
        ServiceRegistration<FieldDevice> device = register("closed-box");
        try (subscription;
            Cursor cursor = journal.open("closed-box", new StreamSelection(List.of("device/closed-box")))) {
            Framework.until("ten records in the journal", () -> {
                for (JournalRecord record : cursor.read(100)) {
                    // When the device goes, its last message says so; it carries no count.
                    stored.add((JournalRecord.Stored) record);
                }
                return stored.size() >= 10;
            });
            assertThat(table.tag("closed-box", "count")).isPresent();
            List<Long> counts = counts(stored);
            Framework.until("what is in the journal to be seen on the bus", () -> seen.containsAll(counts));
        } finally {
            device.unregister();
        }
        journal.remove("closed-box");

        assertThat(stored).allSatisfy(record -> {
            assertThat(record.key().gateway()).isEqualTo(gateway.id());
            assertThat(record.bootId()).isEqualTo(clock.bootId());
        });
        List<Long> sequences = stored.stream().map(record -> record.key().sequence()).toList();
        List<Long> counts = counts(stored);
        for (int i = 1; i < stored.size(); i++) {
            assertThat(sequences.get(i)).isEqualTo(sequences.get(i - 1) + 1);
            assertThat(counts.get(i)).isEqualTo(counts.get(i - 1) + 1);
        }
    }

    private static List<Long> counts(List<JournalRecord.Stored> stored) {
        return stored.stream().map(record -> count((ScanMessage) record.message())).toList();
    }

    private static long count(ScanMessage scan) {
        return scan.readings().get(0).value() instanceof Value.Signed signed ? signed.value() : -1;
    }

    private static ServiceRegistration<FieldDevice> register(String name) {
        return Framework.context().registerService(FieldDevice.class, new CounterDevice(name), null);
    }

    /** Threads that a room leaves behind would pin its class loader and keep its ports. They are named after their room. */
    @ParameterizedTest
    @CsvSource({"edge.drivers.modbus, edge-modbus", "edge.drivers.gpio, edge-gpio",
        "edge.cloudconnector.mqtt, edge-mqtt", "edge.cloudconnector.core, edge-uplink", "edge.broker, edge-broker",
        "edge.web, edge-web"})
    void a_room_that_is_stopped_leaves_no_thread_and_comes_back(String room, String prefix) throws Exception {
        Deployer deployer = Framework.service(Deployer.class);
        Bundle bundle = Framework.bundle(room);
        Framework.untilNone("bundles without problems", () -> problems(deployer));
        for (int round = 0; round < 5; round++) {
            bundle.stop();
            Framework.untilNone("the threads of " + room + " to end", () -> threads(prefix));
            bundle.start();
            Framework.untilNone("bundles without problems", () -> problems(deployer));
        }
    }

    private static List<String> threads(String prefix) {
        return Thread.getAllStackTraces().keySet().stream().map(Thread::getName)
            .filter(name -> name.startsWith(prefix)).toList();
    }
}
