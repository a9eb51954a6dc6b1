package org.voco4j.volume.format.dicom;

import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * A frame as a slice in the patient (PS3.3 section C.7.6.2): millimetres, in left-posterior-superior.
 *
 * @param frames the file's frames
 * @param frame which of them it is
 * @param position of the centre of its first pixel; null if the file does not say it
 * @param orientation the directions of a row and of a column; null if the file does not say it
 * @param spacing from row to row, and from column to column
 * @param depth how far apart slices are said to be, else how thick this one is; what counts only where there is one slice
 * @param slope value = stored · slope + intercept
 * @param intercept see above
 * @param parts what tells it from another slice at the same place: temporal position, acquisition, echo and the like
 */
record Slice(
        Frames frames,
        int frame,
        double @Nullable [] position,
        double @Nullable [] orientation,
        double[] spacing,
        double depth,
        double slope,
        double intercept,
        List<String> parts) {}
