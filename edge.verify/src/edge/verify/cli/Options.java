// SPDX-License-Identifier: Apache-2.0
package edge.verify.cli;

import edge.verify.TopicForm;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Iterator;
import java.util.List;
import java.util.Optional;

/** The command line. */
final class Options {

    static final String USAGE = """
        usage: edge-verify [OPTION...]

        Proves that what gateways recorded arrived complete, once and in order, or names what is missing.
        Without --host it reads payloads from the standard input, one a line, as mosquitto_sub prints them.

          --host HOST            subscribe to this MQTT broker
          --port PORT            its port; 1883, or 8883 with --tls
          --tls                  encrypt, and check certificate and host name
          --ca FILE              PEM file with the certificates to trust, instead of those of the Java runtime
          --user USER            user name
          --password-file FILE   file with the password in its first line; or set EDGE_VERIFY_PASSWORD
          --topic FILTER         what to subscribe to; default edge/#
          --topic-form TEMPLATE  which record it is is in the topic, as with the encoder raw: the uplink's template
          --client-id ID         keeps the subscription while this is away; default edge-verify
          --uplink NAME          the gateway's uplink that sends here: ledger entries of others do not count
          --expect FILE          answer of the gateway's GET /api/v1/journal: what it lists must be here; read at the end
          --from-first           what lies before the first record of each stream does not count
          --allow-duplicates N   so many messages may have come twice; default 0
          --idle SECONDS         end when nothing has come for so long; default: at the end of the input, or with Ctrl-C

        Ends with 0 if everything is proven, with 1 if not, with 2 if it cannot be tried.
        """;

    /** Wrong use; the message says what is wrong. */
    static final class UsageException extends Exception {
        private static final long serialVersionUID = 1L;

        UsageException(String message) {
            super(message);
        }
    }

    private static final int MAX_PORT = 65_535;
    private static final int PLAIN_PORT = 1883;
    private static final int TLS_PORT = 8883;
    private static final int MAX_SECONDS = 1_000_000;

    Optional<String> host = Optional.empty();
    int port;
    boolean tls;
    Optional<Path> ca = Optional.empty();
    String user = "";
    String password = "";
    String topic = "edge/#";
    Optional<TopicForm> topicForm = Optional.empty();
    String clientId = "edge-verify";
    String uplink = "";
    Optional<Path> expect = Optional.empty();
    boolean fromFirst;
    long allowedDuplicates;
    Optional<Duration> idle = Optional.empty();
    boolean help;

    static Options parse(List<String> arguments) throws UsageException, IOException {
        Options options = new Options();
        options.password = System.getenv().getOrDefault("EDGE_VERIFY_PASSWORD", "");
        Iterator<String> words = arguments.iterator();
        while (words.hasNext()) {
            options.take(words.next(), words);
        }
        if (options.port == 0) {
            options.port = options.tls ? TLS_PORT : PLAIN_PORT;
        }
        return options;
    }

    private void take(String option, Iterator<String> words) throws UsageException, IOException {
        switch (option) {
            case "--host" -> host = Optional.of(value(option, words));
            case "--port" -> port = (int) number(option, words, MAX_PORT);
            case "--tls" -> tls = true;
            case "--ca" -> ca = Optional.of(Path.of(value(option, words)));
            case "--user" -> user = value(option, words);
            case "--password-file" -> password = firstLine(Path.of(value(option, words)));
            case "--topic" -> topic = value(option, words);
            case "--topic-form" -> topicForm = Optional.of(form(value(option, words)));
            case "--client-id" -> clientId = value(option, words);
            case "--uplink" -> uplink = value(option, words);
            case "--expect" -> expect = Optional.of(Path.of(value(option, words)));
            case "--from-first" -> fromFirst = true;
            case "--allow-duplicates" -> allowedDuplicates = number(option, words, Long.MAX_VALUE);
            case "--idle" -> idle = Optional.of(Duration.ofSeconds(number(option, words, MAX_SECONDS)));
            case "-h", "--help" -> help = true;
            default -> throw new UsageException("there is no option '" + option + "'");
        }
    }

    private static TopicForm form(String template) throws UsageException {
        try {
            return TopicForm.parse(template);
        } catch (IllegalArgumentException e) {
            throw new UsageException("--topic-form: " + e.getMessage());
        }
    }

    private static String firstLine(Path file) throws IOException {
        return Files.readAllLines(file).stream().findFirst().orElse("");
    }

    private static String value(String option, Iterator<String> words) throws UsageException {
        if (!words.hasNext()) {
            throw new UsageException(option + " needs a value");
        }
        return words.next();
    }

    private static long number(String option, Iterator<String> words, long most) throws UsageException {
        String text = value(option, words);
        try {
            long number = Long.parseLong(text);
            if (number >= 0 && number <= most) {
                return number;
            }
        } catch (NumberFormatException e) {
            // Told below.
        }
        throw new UsageException(option + " needs a number from 0 to " + most + ", not '" + text + "'");
    }
}
