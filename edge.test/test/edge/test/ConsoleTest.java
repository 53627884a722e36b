// SPDX-License-Identifier: Apache-2.0
package edge.test;

import static org.assertj.core.api.Assertions.assertThat;

import edge.test.support.Chromium;
import edge.test.support.GatewayProcess;
import edge.test.support.Plc;
import edge.test.support.Until;
import java.nio.file.Path;
import java.time.Duration;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The console, in headless Chromium. */
class ConsoleTest {

    private static final Duration PATIENCE = Duration.ofSeconds(30);
    private static final String COUNT =
        "deep('.line').filter(row => text(row).includes('count')).map(row => text(row.querySelector('.value')).trim())[0]";

    @Test
    void a_person_signs_in_and_sees_a_live_value_change(@TempDir Path folder) throws Exception {
        try (Plc plc = new Plc(folder); GatewayProcess gateway = new GatewayProcess(folder.resolve("data"));
            Chromium browser = new Chromium(folder, 1280, 800)) {
            gateway.readPlc("plc", plc.port());
            gateway.start();

            browser.open("https://127.0.0.1:" + gateway.webPort() + "/devices/plc");
            Until.holds(PATIENCE, "the sign-in form", () -> has(browser, "input[name=password]"));
            browser.type("input[name=name]", GatewayProcess.ADMINISTRATOR);
            browser.type("input[name=password]", GatewayProcess.PASSWORD);
            browser.click("button.primary");
            Until.holds(PATIENCE, "a value", () -> page(browser), () -> browser.evaluate(COUNT).matches("[0-9][^a-z]*"));

            String first = browser.evaluate(COUNT);
            Until.holds(PATIENCE, "the value to change from " + first, () -> page(browser),
                () -> !browser.evaluate(COUNT).equals(first));
            assertThat(page(browser)).contains("21.5").contains("°C");
        }
    }

    private static boolean has(Chromium browser, String selector) throws Exception {
        return browser.evaluate("deep('" + selector + "').length > 0").equals("true");
    }

    private static String page(Chromium browser) {
        try {
            return browser.evaluate("text(document.body)");
        } catch (Exception e) {
            return e.toString();
        }
    }
}
