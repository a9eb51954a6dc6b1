/** What is measured: position retrieval and its controls, the frozen probe, collapse, segmentation, intervals. */
@NullMarked
package org.voco4j.measure;

import org.jspecify.annotations.NullMarked;
