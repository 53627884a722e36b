// SPDX-License-Identifier: Apache-2.0
package edge.verify;

import edge.verify.Arrival.Lost;
import edge.verify.Arrival.Stream;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Random;
import java.util.TreeMap;

/** What a gateway that keeps its promises may deliver, at random: outages, two lanes side by side, losses in the ledger. */
final class Deliveries {

    static final String GATEWAY = "6f0c6a52-6f1f-4a8e-9f5b-7b0d5f6f8a10";

    final List<Arrival> arrivals = new ArrayList<>();
    final Map<Stream, Long> sequenced = new TreeMap<>(java.util.Comparator.comparing(Stream::toString));
    long lost;

    Deliveries(Random random) {
        for (int stream = 0; stream < 1 + random.nextInt(4); stream++) {
            for (int epoch = 0; epoch < 1 + random.nextInt(3); epoch++) {
                add(random, new Stream(GATEWAY, "device/plc-" + stream, "000000000000000" + epoch));
            }
        }
    }

    /** One epoch of a stream: the records before a fork go by the backlog, beside those behind it; some are lost. */
    private void add(Random random, Stream stream) {
        long records = 20 + random.nextInt(200);
        Ranges gone = new Ranges();
        long at = 1 + random.nextInt(30);
        while (at < records) {
            gone.add(at, Math.min(records, at + random.nextInt(5)));
            at += 10 + random.nextInt(100);
        }
        long all = records + gone.size();
        long fork = random.nextInt((int) all + 1);
        List<Arrival> backlog = new ArrayList<>();
        List<Arrival> live = new ArrayList<>();
        for (long sequence = 1; sequence <= all; sequence++) {
            if (!gone.contains(sequence)) {
                Optional<Lost> entry = Optional.empty();
                if (sequence > records) {
                    Ranges.Range range = gone.all().get((int) (sequence - records - 1));
                    entry = Optional.of(new Lost(stream.epoch(), range.from(), range.to(), "full", "", false));
                }
                (sequence <= fork ? backlog : live).add(
                    new Arrival(stream, sequence, sequence <= fork ? "backlog" : "live", 1, 1, entry));
            }
        }
        lost += gone.count();
        sequenced.put(stream, all);
        while (!backlog.isEmpty() || !live.isEmpty()) {
            List<Arrival> lane = live.isEmpty() || !backlog.isEmpty() && random.nextBoolean() ? backlog : live;
            arrivals.add(lane.remove(0));
        }
    }

    Account account(List<Arrival> some) {
        Account account = new Account();
        some.forEach(account::arrived);
        sequenced.forEach((stream, last) -> account.expect(stream.name(), stream.epoch(), last));
        return account;
    }
}
