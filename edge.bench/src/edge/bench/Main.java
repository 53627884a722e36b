// SPDX-License-Identifier: Apache-2.0
package edge.bench;

import com.fasterxml.jackson.core.JsonGenerator;
import edge.json.JsonWriter;
import java.io.IOException;
import java.nio.file.Files;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Set;

/** Runs the measurements whose names begin with one of the arguments, or all; prints a table and writes bench.json. */
public final class Main {

    private static final List<Benchmark> ALL = List.of(
        new StartBenchmark(),
        new PipelineBenchmark(),
        new ScanBenchmark(),
        new ModbusTcpBenchmark(),
        new PlannerBenchmark(),
        new BrokerBenchmark(),
        new BrokerDurableBenchmark(),
        new BrokerMemoryBenchmark(),
        new BrokerFairnessBenchmark(),
        new JournalBenchmark(),
        new DeployBenchmark(),
        new UplinkBenchmark());

    private Main() {
    }

    /** The medians of one figure. */
    private record Figure(String name, double value, String unit, String peer, double peerValue) {

        boolean hasPeer() {
            return !peer.isEmpty();
        }

        double ratio() {
            return value / peerValue;
        }
    }

    public static void main(String[] arguments) throws Exception {
        Set<String> wanted = Set.of(arguments);
        Bench bench = new Bench();
        List<Figure> figures = new ArrayList<>();
        for (Benchmark benchmark : ALL) {
            if (wanted.isEmpty() || benchmark.names().stream().anyMatch(name -> matches(wanted, name))) {
                figures.addAll(medians(benchmark, bench));
            }
        }
        if (figures.isEmpty()) {
            System.err.println("edge: no figure is named " + String.join(" or ", arguments) + "; there are "
                + String.join(", ", ALL.stream().flatMap(benchmark -> benchmark.names().stream()).toList()));
            System.exit(2);
        }
        print(figures);
        Files.write(bench.out().resolve("bench.json"), json(figures));
    }

    private static boolean matches(Set<String> wanted, String name) {
        return wanted.stream().anyMatch(prefix -> name.equals(prefix) || name.startsWith(prefix + "."));
    }

    private static List<Figure> medians(Benchmark benchmark, Bench bench) throws Exception {
        List<List<Benchmark.Sample>> rounds = new ArrayList<>();
        for (int round = 1; round <= benchmark.rounds(); round++) {
            System.err.printf("%s: round %d of %d%n", String.join(", ", benchmark.names()), round, benchmark.rounds());
            bench.clean();
            rounds.add(benchmark.measure(bench));
        }
        bench.clean();
        List<Figure> figures = new ArrayList<>();
        for (int i = 0; i < benchmark.names().size(); i++) {
            int figure = i;
            Benchmark.Sample first = rounds.get(0).get(figure);
            figures.add(new Figure(benchmark.names().get(figure),
                median(rounds.stream().mapToDouble(round -> round.get(figure).value()).toArray()), first.unit(),
                first.peer(), median(rounds.stream().mapToDouble(round -> round.get(figure).peerValue()).toArray())));
        }
        return figures;
    }

    private static double median(double[] values) {
        java.util.Arrays.sort(values);
        int middle = values.length / 2;
        return values.length % 2 == 1 ? values[middle] : (values[middle - 1] + values[middle]) / 2;
    }

    private static void print(List<Figure> figures) {
        System.out.printf("%-30s %14s  %-10s %14s  %-14s %7s%n", "name", "value", "unit", "peer's value", "peer", "ratio");
        for (Figure figure : figures) {
            System.out.printf(Locale.ROOT, "%-30s %14s  %-10s %14s  %-14s %7s%n", figure.name(), number(figure.value()),
                figure.unit(), figure.hasPeer() ? number(figure.peerValue()) : "", figure.peer(),
                figure.hasPeer() ? String.format(Locale.ROOT, "%.2f", figure.ratio()) : "");
        }
    }

    private static String number(double value) {
        return String.format(Locale.ROOT, Math.abs(value) >= 100 ? "%,.0f" : "%.2f", value);
    }

    private static byte[] json(List<Figure> figures) {
        return JsonWriter.bytes(out -> {
            out.useDefaultPrettyPrinter();
            out.writeStartArray();
            for (Figure figure : figures) {
                out.writeStartObject();
                out.writeStringField("name", figure.name());
                out.writeNumberField("value", figure.value());
                out.writeStringField("unit", figure.unit());
                if (figure.hasPeer()) {
                    out.writeStringField("peer", figure.peer());
                    out.writeNumberField("peerValue", figure.peerValue());
                    out.writeNumberField("ratio", figure.ratio());
                } else {
                    nulls(out, "peer", "peerValue", "ratio");
                }
                out.writeEndObject();
            }
            out.writeEndArray();
        });
    }

    private static void nulls(JsonGenerator out, String... names) throws IOException {
        for (String name : names) {
            out.writeNullField(name);
        }
    }
}
