/** Compressed frames of DICOM images: one code stream in, the samples of one frame out. */
@NullMarked
package org.voco4j.volume.format.dicom.codec;

import org.jspecify.annotations.NullMarked;
