package paseo.matching;

import java.security.GeneralSecurityException;
import java.security.SecureRandom;
import java.util.Arrays;
import javax.crypto.AEADBadTagException;
import javax.crypto.Cipher;
import javax.crypto.spec.GCMParameterSpec;
import javax.crypto.spec.SecretKeySpec;

/**
 * A key, and what can be done with it: AES-256-GCM (NIST SP 800-38D) with a random nonce of 96 bits. One key seals some
 * ten thousand pieces at most, far from the 2^32 after which random nonces may repeat. Whoever has the key deleted
 * makes every copy of what it has sealed unreadable.
 */
final class Seal {
    static final int KEY_BYTES = 32;

    private static final int NONCE_BYTES = 12;
    private static final int TAG_BITS = 128;
    private static final SecureRandom RANDOM = new SecureRandom();

    private final byte[] key;

    /** @param key of {@value #KEY_BYTES} bytes */
    Seal(byte[] key) {
        if (key.length != KEY_BYTES) {
            throw new IllegalArgumentException("a key has " + KEY_BYTES + " bytes, not " + key.length);
        }
        this.key = key.clone();
    }

    /** A new one. */
    static Seal random() {
        byte[] key = new byte[KEY_BYTES];
        RANDOM.nextBytes(key);
        return new Seal(key);
    }

    /** What is sealed cannot be opened: it is under another key, of something else, or was changed. */
    static final class BrokenException extends Exception {
        private static final long serialVersionUID = 1;

        BrokenException(String message, Throwable cause) {
            super(message, cause);
        }
    }

    byte[] key() {
        return key.clone();
    }

    /**
     * Seals something.
     *
     * @param of what it is of, without which it is not opened again
     * @return nonce, ciphertext and tag
     */
    byte[] close(byte[] plain, byte[] of) {
        byte[] nonce = new byte[NONCE_BYTES];
        RANDOM.nextBytes(nonce);
        try {
            Cipher cipher = cipher(Cipher.ENCRYPT_MODE, nonce, of);
            byte[] sealed = Arrays.copyOf(nonce, NONCE_BYTES + cipher.getOutputSize(plain.length));
            cipher.doFinal(plain, 0, plain.length, sealed, NONCE_BYTES);
            return sealed;
        } catch (GeneralSecurityException e) {
            throw new IllegalStateException("this Java cannot seal: " + e.getMessage(), e);
        }
    }

    /** Opens what {@link #close} gave. */
    byte[] open(byte[] sealed, byte[] of) throws BrokenException {
        try {
            if (sealed.length < NONCE_BYTES) {
                throw new AEADBadTagException("too short");
            }
            Cipher cipher = cipher(Cipher.DECRYPT_MODE, Arrays.copyOf(sealed, NONCE_BYTES), of);
            return cipher.doFinal(sealed, NONCE_BYTES, sealed.length - NONCE_BYTES);
        } catch (AEADBadTagException e) {
            throw new BrokenException("it was sealed under another key, of something else, or was changed", e);
        } catch (GeneralSecurityException e) {
            throw new IllegalStateException("this Java cannot open what is sealed: " + e.getMessage(), e);
        }
    }

    private Cipher cipher(int mode, byte[] nonce, byte[] of) throws GeneralSecurityException {
        Cipher cipher = Cipher.getInstance("AES/GCM/NoPadding");
        cipher.init(mode, new SecretKeySpec(key, "AES"), new GCMParameterSpec(TAG_BITS, nonce));
        cipher.updateAAD(of);
        return cipher;
    }
}
