import java.io.IOException;
import java.security.MessageDigest;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collection;
import java.util.List;
import org.bouncycastle.asn1.ASN1Encodable;
import org.bouncycastle.asn1.ASN1Encoding;
import org.bouncycastle.asn1.cms.Attribute;
import org.bouncycastle.asn1.cms.AttributeTable;
import org.bouncycastle.asn1.cms.CMSAttributes;
import org.bouncycastle.asn1.cms.ContentInfo;
import org.bouncycastle.asn1.ess.SigningCertificateV2;
import org.bouncycastle.asn1.pkcs.PKCSObjectIdentifiers;
import org.bouncycastle.cert.X509CertificateHolder;
import org.bouncycastle.cms.CMSException;
import org.bouncycastle.cms.CMSProcessableByteArray;
import org.bouncycastle.cms.CMSSignedData;
import org.bouncycastle.cms.SignerId;
import org.bouncycastle.cms.SignerInformation;
import org.bouncycastle.cms.SignerInformationVerifier;
import org.bouncycastle.cms.jcajce.JcaSimpleSignerInfoVerifierBuilder;
import org.bouncycastle.tsp.TimeStampToken;
import org.bouncycastle.util.CollectionStore;
import org.bouncycastle.util.Store;

/** What Bouncy Castle says of a message, signer by signer. It checks signatures; certificates are not validated. */
final class Verify {
    static CMSSignedData read(Request request) throws CMSException {
        byte[] message = request.bytes("message");
        if (!request.has("content")) return new CMSSignedData(message);
        return new CMSSignedData(new CMSProcessableByteArray(request.bytes("content")), message);
    }

    static String message(Request request) throws Exception {
        byte[] message = request.bytes("message");
        var signed = read(request);
        var others = new ArrayList<X509CertificateHolder>();
        for (byte[] der : request.all("certificate")) others.add(new X509CertificateHolder(der));
        var certificates = certificates(signed.getCertificates(), others);
        var signers = new ArrayList<String>();
        for (SignerInformation signer : signed.getSignerInfos()) {
            signers.add(signer(signer, certificates, message));
        }
        boolean isDer = Arrays.equals(message, signed.toASN1Structure().getEncoded(ASN1Encoding.DER));
        return Json.object("isDer", String.valueOf(isDer), "signers", Json.array(signers));
    }

    private static Store<X509CertificateHolder> certificates(
            Store<X509CertificateHolder> inMessage, Collection<X509CertificateHolder> others) {
        var all = new ArrayList<>(inMessage.getMatches(null));
        all.addAll(others);
        return new CollectionStore<>(all);
    }

    /** One SignerInfo, or, for a countersignature, the same within it. */
    private static String signer(SignerInformation signer, Store<X509CertificateHolder> certificates, byte[] message)
            throws Exception {
        boolean verified = false;
        Throwable problem = null;
        X509CertificateHolder certificate = null;
        try {
            certificate = find(certificates, signer.getSID());
            verified = signer.verify(verifier(certificate));
        } catch (Exception thrown) {
            problem = thrown;
        }
        var countersigners = new ArrayList<String>();
        for (SignerInformation counter : signer.getCounterSignatures()) {
            countersigners.add(signer(counter, certificates, message));
        }
        return Json.object(
            "verified", String.valueOf(verified),
            "error", Json.problem(problem),
            "signedAttrsAreDer", String.valueOf(signedAttrsAreDer(signer, message)),
            "signingCertificate", Json.string(signingCertificate(signer, certificate)),
            "algorithmProtection", String.valueOf(has(signer, CMSAttributes.cmsAlgorithmProtect.getId())),
            "countersigners", Json.array(countersigners),
            "timestamps", Json.array(timestamps(signer, certificates)));
    }

    private static X509CertificateHolder find(Store<X509CertificateHolder> certificates, SignerId sid)
            throws CMSException {
        return certificates.getMatches(null).stream().filter(sid::match).findFirst()
            .orElseThrow(() -> new CMSException("no certificate for this signer"));
    }

    private static SignerInformationVerifier verifier(X509CertificateHolder certificate) throws Exception {
        return new JcaSimpleSignerInfoVerifierBuilder().setProvider("BC").build(certificate);
    }

    private static boolean has(SignerInformation signer, String oid) {
        AttributeTable attributes = signer.getSignedAttributes();
        return attributes != null && Arrays.stream(attributes.toASN1Structure().getAttributes())
            .anyMatch(attribute -> attribute.getAttrType().getId().equals(oid));
    }

    /** Do the signed attributes stand in the message as DER, byte for byte? (Under [0], not SET OF.) */
    private static boolean signedAttrsAreDer(SignerInformation signer, byte[] message) throws IOException {
        byte[] der = signer.getEncodedSignedAttributes();
        if (der == null) return true;
        der[0] = (byte) 0xa0;
        for (int at = 0; at + der.length <= message.length; at++) {
            if (Arrays.equals(message, at, at + der.length, der, 0, der.length)) return true;
        }
        return false;
    }

    /** Bouncy Castle leaves signing-certificate-v2 to its caller (RFC 5035 5.4): absent, match or mismatch. */
    private static String signingCertificate(SignerInformation signer, X509CertificateHolder certificate)
            throws Exception {
        AttributeTable attributes = signer.getSignedAttributes();
        Attribute attribute = attributes == null ? null : attributes.get(PKCSObjectIdentifiers.id_aa_signingCertificateV2);
        if (attribute == null) return "absent";
        if (certificate == null) return "mismatch";
        var id = SigningCertificateV2.getInstance(attribute.getAttributeValues()[0]).getCerts()[0];
        byte[] hash = MessageDigest.getInstance(id.getHashAlgorithm().getAlgorithm().getId(), "BC")
            .digest(certificate.getEncoded());
        if (!MessageDigest.isEqual(hash, id.getCertHash())) return "mismatch";
        if (id.getIssuerSerial() == null) return "match";
        boolean isSerial = id.getIssuerSerial().getSerial().getValue().equals(certificate.getSerialNumber());
        boolean isIssuer = id.getIssuerSerial().getIssuer().getNames()[0].getName().equals(certificate.getIssuer());
        return isSerial && isIssuer ? "match" : "mismatch";
    }

    private static List<String> timestamps(SignerInformation signer, Store<X509CertificateHolder> certificates)
            throws Exception {
        var found = new ArrayList<String>();
        if (signer.getUnsignedAttributes() == null) return found;
        var attributes = signer.getUnsignedAttributes().getAll(PKCSObjectIdentifiers.id_aa_signatureTimeStampToken);
        for (int i = 0; i < attributes.size(); i++) {
            for (ASN1Encodable value : ((Attribute) attributes.get(i)).getAttributeValues()) {
                found.add(timestamp(signer, ContentInfo.getInstance(value), certificates));
            }
        }
        return found;
    }

    /** TimeStampToken.validate checks the TSA's certificate and signature; the imprint is for the caller. */
    private static String timestamp(
            SignerInformation signer, ContentInfo value, Store<X509CertificateHolder> certificates) throws Exception {
        var token = new TimeStampToken(value);
        var info = token.getTimeStampInfo();
        Throwable problem = null;
        try {
            var all = certificates(token.getCertificates(), certificates.getMatches(null));
            token.validate(verifier(find(all, token.getSID())));
        } catch (Exception thrown) {
            problem = thrown;
        }
        byte[] imprint = MessageDigest.getInstance(info.getMessageImprintAlgOID().getId(), "BC")
            .digest(signer.getSignature());
        return Json.object(
            "verified", String.valueOf(problem == null),
            "error", Json.problem(problem),
            "imprintMatches", String.valueOf(MessageDigest.isEqual(imprint, info.getMessageImprintDigest())),
            "policy", Json.string(info.getPolicy().getId()),
            "genTime", Json.string(info.getGenTime().toInstant().toString()));
    }
}
