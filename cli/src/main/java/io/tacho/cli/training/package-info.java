// SPDX-License-Identifier: Apache-2.0
/**
 * The training run for class-data sharing (CDS), which the build starts.
 *
 * <p>Data flow: {@code TrainingRun} runs agent and aggregator briefly → the JVM lists the loaded classes, and archives them → later starts map this
 * archive instead of parsing the classes.
 */
@NullMarked
package io.tacho.cli.training;

import org.jspecify.annotations.NullMarked;
