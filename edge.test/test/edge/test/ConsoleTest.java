// SPDX-License-Identifier: Apache-2.0
package edge.test;

import static org.assertj.core.api.Assertions.assertThat;

import edge.json.JsonWriter;
import edge.test.support.Chromium;
import edge.test.support.GatewayProcess;
import edge.test.support.Plc;
import edge.test.support.Until;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The console, in headless Chromium. */
class ConsoleTest {

    private static final Duration PATIENCE = Duration.ofSeconds(90);
    private static final String COUNT =
        "deep('.line').filter(row => text(row).includes('count')).map(row => text(row.querySelector('.value')).trim())[0]";

    @Test
    void a_person_signs_in_and_sees_a_live_value_change(@TempDir Path folder) throws Exception {
        try (Plc plc = new Plc(folder); GatewayProcess gateway = new GatewayProcess(folder.resolve("data"));
            Chromium browser = new Chromium(folder, 1280, 800)) {
            gateway.readPlc("plc", plc.port());
            gateway.start();

            signIn(browser, gateway);
            Until.holds(PATIENCE, "a value", () -> page(browser), () -> browser.evaluate(COUNT).matches("[0-9][^a-z]*"));

            String first = browser.evaluate(COUNT);
            Until.holds(PATIENCE, "the value to change from " + first, () -> page(browser),
                () -> !browser.evaluate(COUNT).equals(first));
            assertThat(page(browser)).contains("21.5").contains("°C");
        }
    }

    @Test
    void a_tag_list_is_looked_at_before_it_is_put_in_force(@TempDir Path folder) throws Exception {
        try (Plc plc = new Plc(folder); GatewayProcess gateway = new GatewayProcess(folder.resolve("data"));
            Chromium browser = new Chromium(folder, 1280, 800)) {
            gateway.readPlc("plc", plc.port());
            gateway.start();
            signIn(browser, gateway);
            Until.holds(PATIENCE, "the tag list", () -> page(browser), () -> has(browser, "tag-list a[download]"));
            String link = browser.evaluate("deep('tag-list a[download]')[0].getAttribute('href')");
            String saved = gateway.get(link).body();
            assertThat(saved).contains("name").contains("temperature");

            browser.click("tag-list header button");
            Until.holds(PATIENCE, "the format", () -> page(browser), () -> has(browser, "tag-list select"));
            give(browser, "name,table,address,type\nlevel,holding,3,uint99\n");
            Until.holds(PATIENCE, "what is wrong", () -> page(browser), () -> list(browser).contains("uint99"));
            assertThat(list(browser)).contains("2");
            assertThat(browser.evaluate("deep('tag-list button.primary').every(button => button.disabled)")).isEqualTo("true");

            give(browser, saved.strip() + "\n" + saved.lines().skip(1).findFirst().orElseThrow().replaceFirst("count", "fresh") + "\n");
            Until.holds(PATIENCE, "what it would be", () -> page(browser), () -> list(browser).contains("\"fresh\""));
            assertThat(gateway.get("/api/v1/devices/plc/tags/fresh").statusCode()).as("nothing is in force yet").isEqualTo(404);
            browser.screen(360, 800);
            assertThat(browser.evaluate("document.documentElement.scrollWidth")).as("long lines are scrolled by themselves").isEqualTo("360");
            browser.click("tag-list button.primary");
            Until.holds(PATIENCE, "the plan", () -> page(browser), () -> has(browser, "deployment-change form button.primary"));
            browser.click("deployment-change form button.primary");
            Until.holds(PATIENCE, "the new tag to be read", () -> page(browser),
                () -> gateway.get("/api/v1/devices/plc/tags/fresh").statusCode() == 200);
        }
    }

    private static String list(Chromium browser) throws Exception {
        return browser.evaluate("deep('tag-list').map(text).join(' ')");
    }

    /** Chooses a file, as the person does who saved that text. */
    private static void give(Chromium browser, String csv) throws Exception {
        String quoted = new String(JsonWriter.bytes(out -> out.writeString(csv)), StandardCharsets.UTF_8);
        browser.evaluate("(() => { const input = deep('tag-list input[type=file]')[0]; const files = new DataTransfer();"
            + " files.items.add(new File([" + quoted + "], 'tags.csv')); input.files = files.files;"
            + " input.dispatchEvent(new Event('change')); return 1; })()");
    }

    private static void signIn(Chromium browser, GatewayProcess gateway) throws Exception {
        browser.open("https://127.0.0.1:" + gateway.webPort() + "/devices/plc");
        Until.holds(PATIENCE, "the sign-in form", () -> has(browser, "input[name=password]"));
        browser.type("input[name=name]", GatewayProcess.ADMINISTRATOR);
        browser.type("input[name=password]", GatewayProcess.PASSWORD);
        browser.click("button.primary");
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
