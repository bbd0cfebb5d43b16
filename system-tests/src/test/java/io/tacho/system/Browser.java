// SPDX-License-Identifier: Apache-2.0
package io.tacho.system;

import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.logging.Level;
import org.jspecify.annotations.Nullable;
import org.openqa.selenium.OutputType;
import org.openqa.selenium.WebDriver;
import org.openqa.selenium.chrome.ChromeDriver;
import org.openqa.selenium.chrome.ChromeDriverService;
import org.openqa.selenium.chrome.ChromeOptions;
import org.openqa.selenium.logging.LogEntry;
import org.openqa.selenium.logging.LogType;
import org.openqa.selenium.logging.LoggingPreferences;

/**
 * The installed headless Chromium. Without one, tests of a developer are skipped with a message;
 * in CI they fail.
 */
final class Browser implements AutoCloseable {

    private static final List<String> CHROMIUMS =
            List.of("chromium", "chromium-browser", "google-chrome", "google-chrome-stable");

    private static @Nullable Browser shared;

    private final ChromeDriver driver;

    private Browser(ChromeDriver driver) {
        this.driver = driver;
    }

    /** Returns the browser of this JVM, which is started once: that takes longer than most tests. */
    static synchronized Browser start() {
        if (shared == null) {
            shared = startAnother();
            Runtime.getRuntime().addShutdownHook(new Thread(shared.driver::quit, "browser-quit"));
        }
        shared.driver.manage().deleteAllCookies();
        shared.consoleErrors();
        return shared;
    }

    private static Browser startAnother() {
        Optional<Path> chromium = CHROMIUMS.stream()
                .flatMap(name -> InstalledProgram.find(name).stream())
                .findFirst();
        Optional<Path> chromedriver = InstalledProgram.find("chromedriver");
        if (chromium.isEmpty() || chromedriver.isEmpty()) {
            return InstalledProgram.skip(
                    "no chromium or chromedriver on the PATH (expected: Debian's chromium and chromium-driver)");
        }
        ChromeDriverService service = new ChromeDriverService.Builder()
                .usingDriverExecutable(chromedriver.orElseThrow().toFile())
                .usingAnyFreePort()
                .build();
        return new Browser(new ChromeDriver(service, options(chromium.orElseThrow())));
    }

    private static ChromeOptions options(Path chromium) {
        ChromeOptions options = new ChromeOptions();
        options.setBinary(chromium.toFile());
        options.addArguments(
                "--headless",
                "--no-sandbox",
                "--disable-gpu",
                "--disable-dev-shm-usage",
                "--disable-quic",
                "--no-first-run",
                "--disable-background-networking",
                "--disable-component-update",
                "--disable-sync",
                "--window-size=1440,1000");
        LoggingPreferences logs = new LoggingPreferences();
        logs.enable(LogType.BROWSER, Level.ALL);
        options.setCapability("goog:loggingPrefs", logs);
        return options;
    }

    WebDriver driver() {
        return driver;
    }

    /** Opens a URL in a new page that shares no state with earlier pages. */
    void open(String address) {
        driver.get("about:blank");
        driver.get(address);
    }

    @SuppressWarnings("unchecked")
    <T> T run(String script, Object... arguments) {
        return (T) driver.executeScript(script, arguments);
    }

    /** {@return a screenshot of the visible part, as PNG} */
    byte[] screenshot() {
        return driver.getScreenshotAs(OutputType.BYTES);
    }

    /** Runs a script that calls its last argument when it is done. */
    @SuppressWarnings("unchecked")
    <T> T await(String script, Object... arguments) {
        driver.manage().timeouts().scriptTimeout(Duration.ofSeconds(60));
        return (T) driver.executeAsyncScript(script, arguments);
    }

    /** The errors of the console since the last call, without informational messages. */
    List<String> consoleErrors() {
        return driver.manage().logs().get(LogType.BROWSER).getAll().stream()
                .filter(entry -> entry.getLevel().intValue() >= Level.WARNING.intValue())
                .map(LogEntry::getMessage)
                .toList();
    }

    /** Closes the page. The browser ends with this JVM. */
    @Override
    public void close() {
        driver.get("about:blank");
    }
}
