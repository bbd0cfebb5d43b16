// SPDX-License-Identifier: Apache-2.0
package io.tacho.cli.log;

import static org.assertj.core.api.Assertions.assertThat;

import ch.qos.logback.classic.Level;
import ch.qos.logback.classic.LoggerContext;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.parallel.Isolated;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

@Isolated
class ProgramLogProviderTest {

    private static final List<String> PROPERTIES =
            List.of(LoggerFactory.PROVIDER_PROPERTY_KEY, "logback.configurationFile", "slf4j.internal.verbosity");

    private final List<String> before =
            PROPERTIES.stream().map(name -> System.getProperty(name, "")).toList();

    @BeforeEach
    void clear() {
        PROPERTIES.forEach(System::clearProperty);
    }

    @AfterEach
    void restore() {
        for (int i = 0; i < PROPERTIES.size(); i++) {
            if (before.get(i).isEmpty()) {
                System.clearProperty(PROPERTIES.get(i));
            } else {
                System.setProperty(PROPERTIES.get(i), before.get(i));
            }
        }
    }

    @Test
    void provider_isALogbackContextWithoutAppender() {
        ProgramLogProvider provider = new ProgramLogProvider();
        provider.initialize();

        LoggerContext context = (LoggerContext) provider.getLoggerFactory();

        assertThat(context.isStarted()).isTrue();
        assertThat(context.getLogger(Logger.ROOT_LOGGER_NAME).iteratorForAppenders())
                .isExhausted();
        assertThat(context.getMDCAdapter()).isSameAs(provider.getMDCAdapter());
        assertThat(provider.getMarkerFactory().getMarker("m").getName()).isEqualTo("m");
        // SLF4J's versions compare by their first two numbers
        assertThat(provider.getRequestedApiVersion()).startsWith("2.0.");
    }

    @Test
    void provider_isConfiguredByProgramLog() {
        ProgramLogProvider provider = new ProgramLogProvider();
        provider.initialize();
        LoggerContext context = (LoggerContext) provider.getLoggerFactory();

        ProgramLog.of(context).configure(LogFormat.TEXT, List.of(new LogLevel.Converter().convert("warn")));

        assertThat(context.getLogger("any").getEffectiveLevel()).isEqualTo(Level.WARN);
        assertThat(context.getLogger(Logger.ROOT_LOGGER_NAME).getAppender("STDERR"))
                .isNotNull();
    }

    @Test
    void selectProvider_selectsProgramLogProvider_silently() {
        ProgramLog.selectProvider();

        assertThat(System.getProperty(LoggerFactory.PROVIDER_PROPERTY_KEY))
                .isEqualTo(ProgramLogProvider.class.getName());
        assertThat(System.getProperty("slf4j.internal.verbosity")).isEqualTo("WARN");
    }

    @Test
    void selectProvider_userConfigurationFile_keepsTheLogbackProvider() {
        System.setProperty("logback.configurationFile", "mine.xml");

        ProgramLog.selectProvider();

        assertThat(System.getProperty(LoggerFactory.PROVIDER_PROPERTY_KEY)).isNull();
    }

    @Test
    void selectProvider_userProvider_isKept() {
        System.setProperty(LoggerFactory.PROVIDER_PROPERTY_KEY, "org.example.Provider");

        ProgramLog.selectProvider();

        assertThat(System.getProperty(LoggerFactory.PROVIDER_PROPERTY_KEY)).isEqualTo("org.example.Provider");
    }
}
