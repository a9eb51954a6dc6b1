/**
 * DICOM files: data sets as they are read and written, slices in series, pixels in frames. What is a volume of it is behind
 * {@code VolumeFormat}.
 */
@NullMarked
package org.voco4j.volume.format.dicom;

import org.jspecify.annotations.NullMarked;
