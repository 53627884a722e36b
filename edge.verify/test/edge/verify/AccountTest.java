// SPDX-License-Identifier: Apache-2.0
package edge.verify;

import static org.assertj.core.api.Assertions.assertThat;

import edge.verify.Arrival.Lost;
import edge.verify.Arrival.Stream;
import edge.verify.Ranges.Range;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Random;
import org.junit.jupiter.api.Test;

class AccountTest {

    private static final int ROUNDS = Integer.getInteger("edge.rounds", 300);
    private static final Stream PLC = new Stream(Deliveries.GATEWAY, "device/plc", "9d1f3b5c7e9a0b2d");

    private static Arrival arrival(long sequence, String lane) {
        return new Arrival(PLC, sequence, lane);
    }

    private static Arrival gap(long sequence, long from, long to, String uplink, boolean revoked) {
        return new Arrival(PLC, sequence, "live", 1, 1, Optional.of(
            new Lost(PLC.epoch(), from, to, "rejected", uplink, revoked)));
    }

    private static Report report(Arrival... arrivals) {
        Account account = new Account("cloud");
        List.of(arrivals).forEach(account::arrived);
        return account.report();
    }

    @Test
    void what_a_sound_gateway_delivers_is_proven_whatever_the_lanes_do() {
        for (long seed = 1; seed <= ROUNDS; seed++) {
            Deliveries deliveries = new Deliveries(new Random(seed));
            Report report = deliveries.account(deliveries.arrivals).report();
            assertThat(report.isComplete()).as("seed %d: %s", seed, report).isTrue();
            assertThat(report.isOrdered()).as("seed %d: %s", seed, report).isTrue();
            assertThat(report.duplicates()).as("seed %d", seed).isZero();
            assertThat(report.received()).isEqualTo(deliveries.arrivals.size());
            assertThat(report.ledger()).isEqualTo(deliveries.lost);
            assertThat(report.received() + report.ledger())
                .isEqualTo(deliveries.sequenced.values().stream().mapToLong(Long::longValue).sum());
        }
    }

    @Test
    void every_record_that_is_taken_away_is_named_and_nothing_else() {
        for (long seed = 1; seed <= ROUNDS; seed++) {
            Random random = new Random(seed);
            Deliveries deliveries = new Deliveries(random);
            List<Arrival> some = new ArrayList<>(deliveries.arrivals);
            Arrival taken = some.remove(random.nextInt(some.size()));
            Ranges expected = new Ranges();
            expected.add(taken.sequence());
            taken.lost().ifPresent(lost -> expected.add(lost.from(), lost.to()));

            Report report = deliveries.account(some).report();
            assertThat(report.isComplete()).as("seed %d", seed).isFalse();
            assertThat(report.streams()).filteredOn(stream -> !stream.isComplete()).singleElement().satisfies(stream -> {
                assertThat(stream.stream()).isEqualTo(taken.stream());
                assertThat(stream.missing()).isEqualTo(expected.all());
            });
        }
    }

    @Test
    void every_record_that_comes_twice_is_named_and_nothing_else() {
        for (long seed = 1; seed <= ROUNDS; seed++) {
            Random random = new Random(seed);
            Deliveries deliveries = new Deliveries(random);
            List<Arrival> some = new ArrayList<>(deliveries.arrivals);
            int at = random.nextInt(some.size());
            Arrival twice = some.get(at);
            some.add(at + 1 + random.nextInt(some.size() - at), twice);

            Report report = deliveries.account(some).report();
            assertThat(report.isComplete()).isTrue();
            assertThat(report.duplicates()).as("seed %d", seed).isEqualTo(1);
            assertThat(report.streams()).filteredOn(stream -> stream.duplicates() > 0).singleElement()
                .satisfies(stream -> {
                    assertThat(stream.stream()).isEqualTo(twice.stream());
                    assertThat(stream.duplicated()).containsExactly(new Range(twice.sequence(), twice.sequence()));
                });
        }
    }

    @Test
    void every_record_that_overtakes_another_of_its_lane_is_found_and_nothing_else() {
        int tried = 0;
        for (long seed = 1; seed <= ROUNDS; seed++) {
            Random random = new Random(seed);
            Deliveries deliveries = new Deliveries(random);
            List<Arrival> some = new ArrayList<>(deliveries.arrivals);
            int at = random.nextInt(some.size());
            Arrival early = some.get(at);
            List<Integer> later = new ArrayList<>();
            for (int i = at + 1; i < some.size(); i++) {
                if (some.get(i).stream().equals(early.stream()) && some.get(i).lane().equals(early.lane())) {
                    later.add(i);
                }
            }
            if (later.isEmpty()) {
                continue;
            }
            tried++;
            int to = later.get(random.nextInt(later.size()));
            Arrival overtaking = some.get(to);
            some.remove(to);
            some.add(at, overtaking);

            Report report = deliveries.account(some).report();
            assertThat(report.isComplete()).isTrue();
            assertThat(report.isOrdered()).as("seed %d: %s", seed, report).isFalse();
            assertThat(report.streams()).filteredOn(stream -> stream.reorders() > 0).singleElement()
                .satisfies(stream -> {
                    assertThat(stream.stream()).isEqualTo(early.stream());
                    assertThat(stream.reordered().get(0))
                        .isEqualTo(early.sequence() + " came behind " + overtaking.sequence() + " in the lane " + early.lane());
                });
        }
        assertThat(tried).isGreaterThan(ROUNDS / 2);
    }

    @Test
    void an_entry_about_another_uplink_does_not_excuse_a_hole_here() {
        assertThat(report(arrival(1, "live"), gap(3, 2, 2, "other", false)).missing()).isEqualTo(1);
        assertThat(report(arrival(1, "live"), gap(3, 2, 2, "cloud", false)).missing()).isZero();
        assertThat(report(arrival(1, "live"), gap(3, 2, 2, "", false)).missing()).isZero();
    }

    @Test
    void a_revoked_entry_is_a_hole_again_until_the_record_comes() {
        Arrival entry = gap(3, 2, 2, "cloud", false);
        Arrival revoked = gap(4, 2, 2, "cloud", true);
        assertThat(report(arrival(1, "live"), entry, revoked).missing()).isEqualTo(1);
        Report healed = report(arrival(1, "live"), entry, revoked, arrival(2, "replay"));
        assertThat(healed.missing()).isZero();
        assertThat(healed.isOrdered()).isTrue();
        assertThat(healed.ledger()).isZero();
        assertThat(healed.received()).isEqualTo(4);
    }

    @Test
    void what_was_asked_for_again_is_no_duplicate() {
        Report report = report(arrival(1, "live"), arrival(2, "live"), arrival(1, "replay"), arrival(2, "replay"));
        assertThat(report.duplicates()).isZero();
        assertThat(report.received()).isEqualTo(2);
    }

    @Test
    void a_record_in_parts_has_arrived_when_all_of_them_have() {
        Arrival first = new Arrival(PLC, 1, "live", 1, 2, Optional.empty());
        Arrival second = new Arrival(PLC, 1, "live", 2, 2, Optional.empty());
        assertThat(report(first, first).missing()).isEqualTo(1);
        assertThat(report(first, first).duplicates()).isEqualTo(1);
        assertThat(report(second, first).missing()).isZero();
        assertThat(report(second, first, second).duplicates()).isEqualTo(1);
    }

    @Test
    void a_receiver_that_came_later_may_begin_at_the_first_record() {
        Account account = new Account();
        account.arrived(arrival(1000, "live"));
        account.arrived(arrival(1002, "live"));
        assertThat(account.report().missing()).isEqualTo(1000);
        account.beginAtFirst();
        assertThat(account.report().streams().get(0).missing()).containsExactly(new Range(1001, 1001));
        assertThat(account.report().streams().get(0).sequenced()).isEqualTo(3);
    }
}
