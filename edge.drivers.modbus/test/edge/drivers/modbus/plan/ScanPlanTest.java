// SPDX-License-Identifier: Apache-2.0
package edge.drivers.modbus.plan;

import static org.assertj.core.api.Assertions.assertThat;

import edge.drivers.modbus.codec.Table;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Deque;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

class ScanPlanTest {

    private static List<Span> registers(int... addresses) {
        return Arrays.stream(addresses).mapToObj(address -> new Span(Table.HOLDING, address, 1)).toList();
    }

    private static List<String> requests(ScanPlan plan) {
        return plan.blocks().stream()
            .map(block -> block.request().function().table() + " " + block.request().address() + "+"
                + block.request().quantity())
            .toList();
    }

    /** Runs a plan once against a device with holes; gives the spans that were read and counts the requests. */
    private static int run(ScanPlan plan, List<Span> spans, Set<Integer> holes, Set<Integer> read) {
        int requests = 0;
        Deque<Block> open = new ArrayDeque<>(plan.blocks());
        while (!open.isEmpty()) {
            Block block = open.poll();
            requests++;
            int first = block.request().address();
            boolean refused = IntStream.range(first, first + block.request().quantity()).anyMatch(holes::contains);
            if (refused) {
                open.addAll(plan.refuse(block));
            } else {
                plan.accept(block);
                for (int i = 0; i < block.size(); i++) {
                    Span span = spans.get(block.item(i));
                    assertThat(span.address()).isGreaterThanOrEqualTo(first);
                    assertThat(span.end()).isLessThanOrEqualTo(first + block.request().quantity());
                    read.add(span.address());
                }
            }
        }
        plan.endRun();
        return requests;
    }

    @Test
    void neighbours_within_the_gap_share_a_request() {
        assertThat(requests(new ScanPlan(1, registers(30, 10, 11, 20), new Limits(8, 125))))
            .containsExactly("HOLDING 10+11", "HOLDING 30+1");
        assertThat(requests(new ScanPlan(1, registers(10, 12), new Limits(0, 125))))
            .containsExactly("HOLDING 10+1", "HOLDING 12+1");
    }

    @Test
    void a_request_is_never_longer_than_allowed_and_never_cuts_a_tag() {
        int[] all = IntStream.range(0, 300).toArray();
        assertThat(requests(new ScanPlan(1, registers(all), Limits.DEFAULT)))
            .containsExactly("HOLDING 0+125", "HOLDING 125+125", "HOLDING 250+50");
        List<Span> wide = List.of(new Span(Table.INPUT, 0, 4), new Span(Table.INPUT, 4, 4), new Span(Table.INPUT, 8, 4));
        assertThat(requests(new ScanPlan(1, wide, new Limits(16, 10)))).containsExactly("INPUT 0+8", "INPUT 8+4");
    }

    @Test
    void each_table_has_requests_of_its_own_and_bits_count_sixteenfold() {
        List<Span> spans = List.of(new Span(Table.COIL, 0, 1), new Span(Table.COIL, 1999, 1), new Span(Table.COIL, 2000, 1),
            new Span(Table.DISCRETE, 5, 1), new Span(Table.HOLDING, 5, 2), new Span(Table.INPUT, 5, 1));
        assertThat(requests(new ScanPlan(1, spans, new Limits(124, 125)))).containsExactly("COIL 0+1", "COIL 1999+2",
            "DISCRETE 5+1", "INPUT 5+1", "HOLDING 5+2");
    }

    @Test
    void tags_on_the_same_registers_are_read_once() {
        List<Span> spans = List.of(new Span(Table.HOLDING, 5, 4), new Span(Table.HOLDING, 5, 1), new Span(Table.HOLDING, 6, 1),
            new Span(Table.HOLDING, 5, 1));
        assertThat(requests(new ScanPlan(1, spans, Limits.DEFAULT))).containsExactly("HOLDING 5+4");
    }

    @Test
    void a_refused_tag_stands_alone_and_its_neighbours_are_joined_around_it() {
        List<Span> spans = registers(IntStream.range(0, 64).toArray());
        ScanPlan plan = new ScanPlan(1, spans, Limits.DEFAULT);
        Set<Integer> read = new TreeSet<>();

        int first = run(plan, spans, Set.of(21), read);

        assertThat(read).hasSize(63).doesNotContain(21);
        assertThat(first).isEqualTo(13);
        assertThat(requests(plan)).containsExactly("HOLDING 0+21", "HOLDING 21+1", "HOLDING 22+42");
    }

    @Test
    void a_refused_tag_that_is_answered_again_is_joined_again() {
        List<Span> spans = registers(0, 1, 2);
        ScanPlan plan = new ScanPlan(1, spans, Limits.DEFAULT);
        run(plan, spans, Set.of(1), new TreeSet<>());
        assertThat(plan.blocks()).hasSize(3);

        run(plan, spans, Set.of(), new TreeSet<>());

        assertThat(requests(plan)).containsExactly("HOLDING 0+3");
    }

    @Test
    void whatever_the_holes_all_that_can_be_read_is_read_at_once_and_soon_with_the_fewest_requests() {
        java.util.Random random = new java.util.Random(11);
        for (int round = 0; round < 200; round++) {
            List<Span> spans = registers(IntStream.range(0, 200).filter(i -> random.nextInt(3) > 0).toArray());
            Set<Integer> holes = new TreeSet<>(random.ints(6, 0, 200).boxed().toList());
            ScanPlan plan = new ScanPlan(1, spans, Limits.DEFAULT);
            List<Integer> readable = new ArrayList<>();
            spans.stream().map(Span::address).filter(address -> !holes.contains(address)).forEach(readable::add);

            for (int i = 0; i < 8; i++) {
                Set<Integer> read = new TreeSet<>();
                run(plan, spans, holes, read);
                assertThat(read).containsExactlyElementsOf(readable);
            }
            List<Block> learned = plan.blocks();
            run(plan, spans, holes, new TreeSet<>());
            assertThat(plan.blocks()).as("nothing is left to learn").isSameAs(learned);
            assertThat(learned.size()).isLessThanOrEqualTo(2 * holes.size() + 2);
        }
    }
}
