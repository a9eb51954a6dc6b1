package org.voco4j.app.option;

import org.voco4j.volume.Voxel;
import picocli.CommandLine.ITypeConverter;
import picocli.CommandLine.TypeConversionException;

/** Reads {@code X,Y,Z} as a viewer shows it. */
public final class VoxelReader implements ITypeConverter<Voxel> {
    @Override
    public Voxel convert(String text) {
        String[] parts = text.split(",", -1);
        try {
            if (parts.length == 3) {
                return new Voxel(whole(parts[0]), whole(parts[1]), whole(parts[2]));
            }
        } catch (NumberFormatException e) {
            throw unlike(text);
        }
        throw unlike(text);
    }

    private static int whole(String text) {
        return Integer.parseInt(text.strip());
    }

    private static TypeConversionException unlike(String text) {
        return new TypeConversionException("expected three whole numbers X,Y,Z such as 250,180,40, not '" + text + "'");
    }
}
