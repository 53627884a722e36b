// SPDX-License-Identifier: Apache-2.0
package edge.verify;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import edge.verify.Arrival.Stream;
import java.io.IOException;
import java.io.StringReader;
import java.io.StringWriter;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Random;
import java.util.Set;
import org.junit.jupiter.api.Test;

class DuplicateFilterTest {

    private static Arrival arrival(String stream, long sequence) {
        return new Arrival(new Stream(Deliveries.GATEWAY, stream, "0000000000000001"), sequence, "live");
    }

    @Test
    void each_record_passes_once_whatever_is_sent_again() {
        for (long seed = 0; seed < 100; seed++) {
            Random random = new Random(seed);
            List<Arrival> all = new Deliveries(random).arrivals;
            DuplicateFilter filter = new DuplicateFilter();
            List<Arrival> passed = new ArrayList<>();
            int at = 0;
            while (at < all.size()) {
                if (filter.isNew(all.get(at))) {
                    passed.add(all.get(at));
                }
                at++;
                if (random.nextInt(50) == 0) {
                    // The connection broke: a window is sent again.
                    at = Math.max(0, at - random.nextInt(40));
                }
            }
            assertThat(passed).as("seed %d", seed).isEqualTo(all);
        }
    }

    @Test
    void it_goes_on_after_a_restart_where_it_was() throws Exception {
        List<Arrival> all = new Deliveries(new Random(7)).arrivals;
        DuplicateFilter before = new DuplicateFilter();
        all.forEach(before::isNew);
        StringWriter saved = new StringWriter();
        before.save(saved);
        DuplicateFilter after = new DuplicateFilter();
        after.load(new StringReader(saved.toString()));
        assertThat(all).noneMatch(after::isNew);
        assertThat(after.isNew(arrival("device/other", 1))).isTrue();
        assertThatThrownBy(() -> after.load(new StringReader("edge.duplicates/1\nx\ty\n"))).isInstanceOf(IOException.class)
            .hasMessage("line 2 is damaged");
        assertThatThrownBy(() -> after.load(new StringReader("?"))).hasMessageContaining("line 1");
    }

    @Test
    void streams_of_which_only_parts_arrive_are_bounded_too() throws Exception {
        DuplicateFilter filter = new DuplicateFilter(3, 10);
        for (int stream = 0; stream < 100; stream++) {
            Stream one = new Stream(Deliveries.GATEWAY, "device/" + stream, "0000000000000001");
            assertThat(filter.isNew(new Arrival(one, 1, "live", 1, 2, Optional.empty()))).isTrue();
        }
        StringWriter saved = new StringWriter();
        filter.save(saved);
        assertThat(saved.toString().lines()).hasSizeLessThanOrEqualTo(4);
    }

    @Test
    void a_record_in_more_parts_than_any_device_has_tags_is_none() {
        String record = "{\"gateway\":\"g\",\"stream\":\"device/a\",\"epoch\":\"e\",\"sequence\":1,\"lane\":\"live\",\"part\":%s,"
            + "\"parts\":%s}";
        for (String parts : List.of("2147483647", "4294967297", "100001")) {
            assertThatThrownBy(() -> Payloads.read(String.format(record, parts, parts).getBytes(StandardCharsets.UTF_8)))
                .isInstanceOf(IOException.class).hasMessageContaining("there is no part");
        }
    }

    @Test
    void at_its_bounds_a_duplicate_may_pass_and_is_counted_but_nothing_new_is_dropped() {
        DuplicateFilter filter = new DuplicateFilter(3, 10);
        Random random = new Random(1);
        Set<Arrival> known = new HashSet<>();
        for (int i = 0; i < 20_000; i++) {
            Arrival arrival = arrival("device/" + random.nextInt(10), 2L * random.nextInt(1000) + 1);
            boolean isNew = filter.isNew(arrival);
            assertThat(isNew || known.contains(arrival)).as("a new record was dropped: %s", arrival).isTrue();
            known.add(arrival);
        }
        assertThat(filter.forgotten()).isPositive();
        StringWriter saved = new StringWriter();
        try {
            filter.save(saved);
        } catch (IOException e) {
            throw new AssertionError(e);
        }
        assertThat(saved.toString().lines()).hasSizeLessThanOrEqualTo(4)
            .allMatch(line -> line.split("\t").length <= 13);
    }
}
