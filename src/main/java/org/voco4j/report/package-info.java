/** What a run leaves to look at: curves, pictures, tables, TensorBoard events, report.html. */
@NullMarked
package org.voco4j.report;

import org.jspecify.annotations.NullMarked;
