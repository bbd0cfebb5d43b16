// SPDX-License-Identifier: Apache-2.0
package io.tacho.system;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

/** Unit tests run two classes at a time in one JVM: those that use what belongs to the whole JVM are {@code @Isolated}. */
class IsolationTest {

    private static final Pattern OF_THE_JVM = Pattern.compile("CapturedLog\\.of\\(|\\.addAppender\\(|"
            + "System\\.(setOut|setErr|setIn|setProperty|clearProperty|setSecurityManager)\\(|"
            + "(Locale|TimeZone)\\.setDefault\\(|LoggerFactory\\.getILoggerFactory\\(|Signal\\.raise\\(|\"kill\", ");

    private static final Pattern OUTSIDE = Pattern.compile(
            "\\b(new (Server|Datagram)?Socket\\(|SocketChannel\\.open\\(|HttpServer\\.create|Thread\\.sleep\\()");

    @Test
    void unitTests_thatUseTheWholeJvm_areIsolated() throws IOException {
        assertThat(unitTests(OF_THE_JVM, "@Isolated")).isEmpty();
    }

    @Test
    void unitTests_useNoNetworkAndDoNotSleep() throws IOException {
        assertThat(unitTests(OUTSIDE, "(none)")).isEmpty();
    }

    /** The unit tests whose source contains this, and not the exception. */
    private static List<String> unitTests(Pattern pattern, String exception) throws IOException {
        List<String> found = new ArrayList<>();
        for (String module : List.of(
                "embedded-redis",
                "system-tests",
                "system-tests/kit",
                "core",
                "node-agent",
                "aggregator",
                "cli",
                "integrations/spring-boot-starter")) {
            try (Stream<Path> files = Files.walk(Path.of("..", module, "src/test/java"))) {
                for (Path file : files.filter(path -> path.toString().matches(".*Test(Base)?\\.java"))
                        .toList()) {
                    String source = Files.readString(file);
                    if (pattern.matcher(source).find() && !source.contains(exception)) {
                        found.add(file.getFileName().toString());
                    }
                }
            }
        }
        return found;
    }
}
