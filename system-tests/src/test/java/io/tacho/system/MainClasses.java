// SPDX-License-Identifier: Apache-2.0
package io.tacho.system;

import static com.tngtech.archunit.core.domain.JavaClass.Predicates.resideOutsideOfPackage;

import com.tngtech.archunit.ArchConfiguration;
import com.tngtech.archunit.core.domain.JavaClasses;
import com.tngtech.archunit.core.importer.ClassFileImporter;
import com.tngtech.archunit.core.importer.ImportOption;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.URL;
import java.util.Collections;
import java.util.List;

/** The classes of all modules' main sources, without tests and the test kit. */
final class MainClasses {

    static final JavaClasses ALL = read();

    private MainClasses() {}

    /** Reads the modules' own classes only: they name the classes of libraries and of the JDK, which need not be read too. */
    private static JavaClasses read() {
        ArchConfiguration.get().setResolveMissingDependenciesFromClassPath(false);
        return new ClassFileImporter()
                .withImportOption(ImportOption.Predefined.DO_NOT_INCLUDE_TESTS)
                .withImportOption(location -> !location.contains("-tests.jar"))
                .importUrls(modules())
                .that(resideOutsideOfPackage("io.tacho.testing.."));
    }

    /** The folders {@code io/tacho} of the class path. */
    private static List<URL> modules() {
        try {
            return Collections.list(MainClasses.class.getClassLoader().getResources("io/tacho"));
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
