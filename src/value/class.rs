//! Classes and modules: one table of names and superclasses. Dispatch goes by `Kind`; a class is what `.class`,
//! `is_a?`, `rescue` and constants talk about.

/// Which method tables a value answers to. Dense, so that dispatch is an array index.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
#[repr(u8)]
pub enum Kind {
    Nil,
    True,
    False,
    Integer,
    Float,
    Decimal,
    Rational,
    String,
    Symbol,
    Array,
    Hash,
    Range,
    Set,
    Regexp,
    MatchData,
    Proc,
    Time,
    TimeWithZone,
    DateTime,
    Date,
    Duration,
    TimeZone,
    Exception,
    Class,
    Enumerator,
    /// `(1..10).step(3)`
    Arithmetic,
    Lazy,
    /// The `y` of `Enumerator.new { |y| … }`
    Yielder,
    /// `array.where(…)`
    Where,
    Request,
    /// `self` of a lambda.
    Context,
    /// `workato`, `workato.csv`, `aws`, …
    Namespace,
    Encoding,
    Uri,
    /// OpenSSL and Digest objects.
    Crypto,
    Method,
    Stream,
    /// An object with only the methods of Object.
    Other,
}

impl Kind {
    pub const COUNT: usize = Self::Other as usize + 1;

    pub const ALL: [Self; Self::COUNT] = [
        Self::Nil,
        Self::True,
        Self::False,
        Self::Integer,
        Self::Float,
        Self::Decimal,
        Self::Rational,
        Self::String,
        Self::Symbol,
        Self::Array,
        Self::Hash,
        Self::Range,
        Self::Set,
        Self::Regexp,
        Self::MatchData,
        Self::Proc,
        Self::Time,
        Self::TimeWithZone,
        Self::DateTime,
        Self::Date,
        Self::Duration,
        Self::TimeZone,
        Self::Exception,
        Self::Class,
        Self::Enumerator,
        Self::Arithmetic,
        Self::Lazy,
        Self::Yielder,
        Self::Where,
        Self::Request,
        Self::Context,
        Self::Namespace,
        Self::Encoding,
        Self::Uri,
        Self::Crypto,
        Self::Method,
        Self::Stream,
        Self::Other,
    ];
}

/// A class or module: an index into `CLASSES`, a word wide like all that a value holds.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub struct ClassId(u64);

/// One class or module that a connector can name or meet.
#[derive(Debug)]
pub struct Class {
    /// Full name, `JSON::ParserError`.
    pub name: &'static str,
    /// Full name of the superclass; empty for modules and BasicObject.
    pub parent: &'static str,
    /// Modules it includes, by full name.
    pub includes: &'static [&'static str],
    pub is_module: bool,
    /// Can be written in a connector (others exist only as somebody's class).
    pub nameable: bool,
}

const fn class(name: &'static str, parent: &'static str) -> Class {
    Class { name, parent, includes: &[], is_module: false, nameable: true }
}

const fn with(name: &'static str, parent: &'static str, includes: &'static [&'static str]) -> Class {
    Class { name, parent, includes, is_module: false, nameable: true }
}

const fn module(name: &'static str) -> Class {
    Class { name, parent: "", includes: &[], is_module: true, nameable: true }
}

macro_rules! classes {
    ($($constant:ident = $class:expr;)*) => {
        /// Every class and module, in the order of the constants of `ClassId`.
        pub static CLASSES: &[Class] = &[$($class),*];
        #[allow(non_camel_case_types, clippy::upper_case_acronyms)]
        enum Index { $($constant),* }
        #[allow(missing_docs)]
        impl ClassId { $(pub const $constant: ClassId = ClassId(Index::$constant as u64);)* }
    };
}

// One row a class. Parents stand anywhere in the table.
classes! {
    BASIC_OBJECT = class("BasicObject", "");
    OBJECT = with("Object", "BasicObject", &["Kernel"]);
    KERNEL = module("Kernel");
    COMPARABLE = module("Comparable");
    ENUMERABLE = module("Enumerable");
    MODULE = class("Module", "Object");
    CLASS = class("Class", "Module");
    NIL = class("NilClass", "Object");
    TRUE = class("TrueClass", "Object");
    FALSE = class("FalseClass", "Object");
    NUMERIC = with("Numeric", "Object", &["Comparable"]);
    INTEGER = class("Integer", "Numeric");
    FLOAT = class("Float", "Numeric");
    RATIONAL = class("Rational", "Numeric");
    COMPLEX = class("Complex", "Numeric");
    BIG_DECIMAL = class("BigDecimal", "Numeric");
    STRING = with("String", "Object", &["Comparable"]);
    BINARY = class("Workato::Types::Binary", "String");
    UNICODE_STRING = class("Workato::Types::UnicodeString", "String");
    SAFE_BUFFER = class("ActiveSupport::SafeBuffer", "String");
    SYMBOL = with("Symbol", "Object", &["Comparable"]);
    ARRAY = with("Array", "Object", &["Enumerable"]);
    HASH = with("Hash", "Object", &["Enumerable"]);
    INDIFFERENT_HASH = class("ActiveSupport::HashWithIndifferentAccess", "Hash");
    RANGE = with("Range", "Object", &["Enumerable"]);
    SET = with("Set", "Object", &["Enumerable"]);
    STRUCT = with("Struct", "Object", &["Enumerable"]);
    REGEXP = class("Regexp", "Object");
    MATCH_DATA = class("MatchData", "Object");
    PROC = class("Proc", "Object");
    METHOD = class("Method", "Object");
    TIME = with("Time", "Object", &["Comparable"]);
    SDK_TIME = class("Workato::Connector::Sdk::Schema::Type::Time", "Time");
    TIME_WITH_ZONE = with("ActiveSupport::TimeWithZone", "Object", &["Comparable"]);
    DATE = with("Date", "Object", &["Comparable"]);
    DATE_TIME = class("DateTime", "Date");
    DURATION = class("ActiveSupport::Duration", "Object");
    TIME_ZONE = with("ActiveSupport::TimeZone", "Object", &["Comparable"]);
    ENUMERATOR = with("Enumerator", "Object", &["Enumerable"]);
    LAZY = class("Enumerator::Lazy", "Enumerator");
    ARITHMETIC_SEQUENCE = class("Enumerator::ArithmeticSequence", "Enumerator");
    CHAIN = class("Enumerator::Chain", "Enumerator");
    YIELDER = class("Enumerator::Yielder", "Object");
    ENCODING = class("Encoding", "Object");
    RANDOM = class("Random", "Object");
    MATH = module("Math");
    JSON = module("JSON");
    BASE64 = module("Base64");
    SECURE_RANDOM = module("SecureRandom");
    DIGEST = module("Digest");
    DIGEST_BASE = class("Digest::Base", "Object");
    DIGEST_MD5 = class("Digest::MD5", "Digest::Base");
    DIGEST_SHA1 = class("Digest::SHA1", "Digest::Base");
    DIGEST_SHA2 = class("Digest::SHA2", "Digest::Base");
    DIGEST_SHA256 = class("Digest::SHA256", "Digest::Base");
    DIGEST_SHA384 = class("Digest::SHA384", "Digest::Base");
    DIGEST_SHA512 = class("Digest::SHA512", "Digest::Base");
    OPENSSL = module("OpenSSL");
    OPENSSL_DIGEST = class("OpenSSL::Digest", "Object");
    OPENSSL_MD5 = class("OpenSSL::Digest::MD5", "OpenSSL::Digest");
    OPENSSL_SHA1 = class("OpenSSL::Digest::SHA1", "OpenSSL::Digest");
    OPENSSL_SHA224 = class("OpenSSL::Digest::SHA224", "OpenSSL::Digest");
    OPENSSL_SHA256 = class("OpenSSL::Digest::SHA256", "OpenSSL::Digest");
    OPENSSL_SHA384 = class("OpenSSL::Digest::SHA384", "OpenSSL::Digest");
    OPENSSL_SHA512 = class("OpenSSL::Digest::SHA512", "OpenSSL::Digest");
    OPENSSL_HMAC = class("OpenSSL::HMAC", "Object");
    CIPHER = class("OpenSSL::Cipher", "Object");
    CIPHER_AES = class("OpenSSL::Cipher::AES", "OpenSSL::Cipher");
    PKEY = module("OpenSSL::PKey");
    PKEY_PKEY = class("OpenSSL::PKey::PKey", "Object");
    RSA = class("OpenSSL::PKey::RSA", "OpenSSL::PKey::PKey");
    EC = class("OpenSSL::PKey::EC", "OpenSSL::PKey::PKey");
    X509 = module("OpenSSL::X509");
    CERTIFICATE = class("OpenSSL::X509::Certificate", "Object");
    X509_NAME = class("OpenSSL::X509::Name", "Object");
    OPENSSL_KDF = module("OpenSSL::KDF");
    OPENSSL_PKCS5 = module("OpenSSL::PKCS5");
    OPENSSL_RANDOM = module("OpenSSL::Random");
    OPENSSL_BN = class("OpenSSL::BN", "Object");
    URI = module("URI");
    URI_PARSER = class("URI::RFC2396_Parser", "Object");
    URI_GENERIC = class("URI::Generic", "Object");
    URI_HTTP = class("URI::HTTP", "URI::Generic");
    URI_HTTPS = class("URI::HTTPS", "URI::HTTP");
    URI_FTP = class("URI::FTP", "URI::Generic");
    URI_FILE = class("URI::File", "URI::Generic");
    URI_MAIL_TO = class("URI::MailTo", "URI::Generic");
    URI_LDAP = class("URI::LDAP", "URI::Generic");
    URI_WS = class("URI::WS", "URI::Generic");
    URI_WSS = class("URI::WSS", "URI::WS");
    CGI = class("CGI", "Object");
    ERB = class("ERB", "Object");
    ERB_UTIL = module("ERB::Util");
    CGI_UTIL = module("CGI::Util");
    ACTIVE_SUPPORT = module("ActiveSupport");
    INFLECTOR = module("ActiveSupport::Inflector");
    NUMBER_HELPER = module("ActiveSupport::NumberHelper");
    ACTIVE_SUPPORT_JSON = module("ActiveSupport::JSON");
    SECURITY_UTILS = module("ActiveSupport::SecurityUtils");
    WORKATO = module("Workato");
    SORBET_VOID = module("T::Private::Types::Void::VOID");
    CONTEXT = class("Workato::Connector::Sdk::Action", "Object");
    TRIGGER = class("Workato::Connector::Sdk::Trigger", "Object");
    OPERATION = class("Workato::Connector::Sdk::Operation", "Object");
    WITH_DSL = class("Workato::Connector::Sdk::Dsl::WithDsl", "Object");
    STREAM = class("Workato::Connector::Sdk::Stream", "Object");
    STREAM_PROXY = class("Workato::Connector::Sdk::Stream::Proxy", "Object");
    REQUEST = class("Workato::Connector::Sdk::Request", "Object");
    NAMESPACE = class("Workato::Connector::Sdk::Dsl::WorkatoPackage", "Object");
    ARRAY_WHERE = class("Workato::Extension::Array::ArrayWhere", "Object");
    EXCEPTION = class("Exception", "Object");
    SCRIPT_ERROR = class("ScriptError", "Exception");
    NOT_IMPLEMENTED_ERROR = class("NotImplementedError", "ScriptError");
    NO_MEMORY_ERROR = class("NoMemoryError", "Exception");
    SYSTEM_STACK_ERROR = class("SystemStackError", "Exception");
    SYSTEM_EXIT = class("SystemExit", "Exception");
    SECURITY_ERROR = class("SecurityError", "Exception");
    SIGNAL_EXCEPTION = class("SignalException", "Exception");
    INTERRUPT = class("Interrupt", "SignalException");
    LOAD_ERROR = class("LoadError", "ScriptError");
    SYNTAX_ERROR = class("SyntaxError", "ScriptError");
    STANDARD_ERROR = class("StandardError", "Exception");
    ARGUMENT_ERROR = class("ArgumentError", "StandardError");
    UNCAUGHT_THROW_ERROR = class("UncaughtThrowError", "ArgumentError");
    DURATION_PARSING_ERROR = class("ActiveSupport::Duration::ISO8601Parser::ParsingError", "ArgumentError");
    ENCODING_ERROR = class("EncodingError", "StandardError");
    COMPATIBILITY_ERROR = class("Encoding::CompatibilityError", "EncodingError");
    UNDEFINED_CONVERSION_ERROR = class("Encoding::UndefinedConversionError", "EncodingError");
    INVALID_BYTE_SEQUENCE_ERROR = class("Encoding::InvalidByteSequenceError", "EncodingError");
    CONVERTER_NOT_FOUND_ERROR = class("Encoding::ConverterNotFoundError", "EncodingError");
    FIBER_ERROR = class("FiberError", "StandardError");
    IO_ERROR = class("IOError", "StandardError");
    EOF_ERROR = class("EOFError", "IOError");
    INDEX_ERROR = class("IndexError", "StandardError");
    KEY_ERROR = class("KeyError", "IndexError");
    STOP_ITERATION = class("StopIteration", "IndexError");
    LOCAL_JUMP_ERROR = class("LocalJumpError", "StandardError");
    NAME_ERROR = class("NameError", "StandardError");
    NO_METHOD_ERROR = class("NoMethodError", "NameError");
    NO_MATCHING_PATTERN_ERROR = class("NoMatchingPatternError", "StandardError");
    NO_MATCHING_PATTERN_KEY_ERROR = class("NoMatchingPatternKeyError", "NoMatchingPatternError");
    RANGE_ERROR = class("RangeError", "StandardError");
    FLOAT_DOMAIN_ERROR = class("FloatDomainError", "RangeError");
    REGEXP_ERROR = class("RegexpError", "StandardError");
    RUNTIME_ERROR = class("RuntimeError", "StandardError");
    FROZEN_ERROR = class("FrozenError", "RuntimeError");
    SYSTEM_CALL_ERROR = class("SystemCallError", "StandardError");
    ERRNO_ECONNREFUSED = class("Errno::ECONNREFUSED", "SystemCallError");
    ERRNO_ERANGE = class("Errno::ERANGE", "SystemCallError");
    ERRNO_ECONNRESET = class("Errno::ECONNRESET", "SystemCallError");
    ERRNO_EACCES = class("Errno::EACCES", "SystemCallError");
    ERRNO_ECONNABORTED = class("Errno::ECONNABORTED", "SystemCallError");
    ERRNO_EHOSTUNREACH = class("Errno::EHOSTUNREACH", "SystemCallError");
    ERRNO_EINVAL = class("Errno::EINVAL", "SystemCallError");
    ERRNO_ENETUNREACH = class("Errno::ENETUNREACH", "SystemCallError");
    ERRNO_ENOENT = class("Errno::ENOENT", "SystemCallError");
    ERRNO_EPIPE = class("Errno::EPIPE", "SystemCallError");
    ERRNO_ETIMEDOUT = class("Errno::ETIMEDOUT", "SystemCallError");
    THREAD_ERROR = class("ThreadError", "StandardError");
    TYPE_ERROR = class("TypeError", "StandardError");
    ZERO_DIVISION_ERROR = class("ZeroDivisionError", "StandardError");
    SOCKET_ERROR = class("SocketError", "StandardError");
    DATE_ERROR = class("Date::Error", "ArgumentError");
    MATH_DOMAIN_ERROR = class("Math::DomainError", "ArgumentError");
    JSON_ERROR = class("JSON::JSONError", "StandardError");
    JSON_PARSER_ERROR = class("JSON::ParserError", "JSON::JSONError");
    JSON_NESTING_ERROR = class("JSON::NestingError", "JSON::ParserError");
    JSON_GENERATOR_ERROR = class("JSON::GeneratorError", "JSON::JSONError");
    URI_ERROR = class("URI::Error", "StandardError");
    INVALID_URI_ERROR = class("URI::InvalidURIError", "URI::Error");
    INVALID_COMPONENT_ERROR = class("URI::InvalidComponentError", "URI::Error");
    BAD_URI_ERROR = class("URI::BadURIError", "URI::Error");
    OPENSSL_ERROR = class("OpenSSL::OpenSSLError", "StandardError");
    OPENSSL_SSL_ERROR = class("OpenSSL::SSL::SSLError", "OpenSSL::OpenSSLError");
    CIPHER_ERROR = class("OpenSSL::Cipher::CipherError", "OpenSSL::OpenSSLError");
    HMAC_ERROR = class("OpenSSL::HMACError", "OpenSSL::OpenSSLError");
    PKEY_ERROR = class("OpenSSL::PKey::PKeyError", "OpenSSL::OpenSSLError");
    RSA_ERROR = class("OpenSSL::PKey::RSAError", "OpenSSL::PKey::PKeyError");
    EC_ERROR = class("OpenSSL::PKey::ECError", "OpenSSL::PKey::PKeyError");
    CERTIFICATE_ERROR = class("OpenSSL::X509::CertificateError", "OpenSSL::OpenSSLError");
    PROCESS = module("Process");
    TIMEOUT = module("Timeout");
    TIMEOUT_ERROR = class("Timeout::Error", "RuntimeError");
    TIMEOUT_EXIT_EXCEPTION = class("Timeout::ExitException", "Exception");
    JWT = module("JWT");
    JWT_ENCODE_ERROR = class("JWT::EncodeError", "StandardError");
    JWT_DECODE_ERROR = class("JWT::DecodeError", "StandardError");
    JWT_VERIFICATION_ERROR = class("JWT::VerificationError", "JWT::DecodeError");
    JWT_EXPIRED_ERROR = class("JWT::ExpiredSignature", "JWT::DecodeError");
    JWT_IMMATURE_ERROR = class("JWT::ImmatureSignature", "JWT::DecodeError");
    JWT_ALGORITHM_ERROR = class("JWT::IncorrectAlgorithm", "JWT::DecodeError");
    JWT_INVALID_PAYLOAD_ERROR = class("JWT::InvalidPayload", "JWT::DecodeError");
    CSV = class("CSV", "Object");
    CSV_MALFORMED_ERROR = class("CSV::MalformedCSVError", "RuntimeError");
    YAML = module("YAML");
    PSYCH = module("Psych");
    YAML_EXCEPTION = class("Psych::Exception", "RuntimeError");
    YAML_SYNTAX_ERROR = class("Psych::SyntaxError", "Psych::Exception");
    YAML_DISALLOWED_ERROR = class("Psych::DisallowedClass", "Psych::Exception");
    YAML_ALIAS_ERROR = class("Psych::BadAlias", "Psych::Exception");
    ZLIB = module("Zlib");
    ZLIB_DEFLATE = class("Zlib::Deflate", "Object");
    ZLIB_INFLATE = class("Zlib::Inflate", "Object");
    ZLIB_ERROR = class("Zlib::Error", "StandardError");
    ZLIB_DATA_ERROR = class("Zlib::DataError", "Zlib::Error");
    ZLIB_GZIP_ERROR = class("Zlib::GzipFile::Error", "Zlib::Error");
    GYOKU = module("Gyoku");
    REST_CLIENT = module("RestClient");
    REST_EXCEPTION = class("RestClient::Exception", "RuntimeError");
    REST_RESPONSE_ERROR = class("RestClient::ExceptionWithResponse", "RestClient::Exception");
    REST_REQUEST_FAILED = class("RestClient::RequestFailed", "RestClient::ExceptionWithResponse");
    REST_BAD_GATEWAY = class("RestClient::BadGateway", "RestClient::RequestFailed");
    REST_BAD_REQUEST = class("RestClient::BadRequest", "RestClient::RequestFailed");
    REST_CONFLICT = class("RestClient::Conflict", "RestClient::RequestFailed");
    REST_FORBIDDEN = class("RestClient::Forbidden", "RestClient::RequestFailed");
    REST_GATEWAY_TIMEOUT = class("RestClient::GatewayTimeout", "RestClient::RequestFailed");
    REST_GONE = class("RestClient::Gone", "RestClient::RequestFailed");
    REST_INTERNAL_SERVER_ERROR = class("RestClient::InternalServerError", "RestClient::RequestFailed");
    REST_METHOD_NOT_ALLOWED = class("RestClient::MethodNotAllowed", "RestClient::RequestFailed");
    REST_NOT_FOUND = class("RestClient::NotFound", "RestClient::RequestFailed");
    REST_PRECONDITION_FAILED = class("RestClient::PreconditionFailed", "RestClient::RequestFailed");
    REST_REQUEST_TIMEOUT = class("RestClient::RequestTimeout", "RestClient::RequestFailed");
    REST_SERVICE_UNAVAILABLE = class("RestClient::ServiceUnavailable", "RestClient::RequestFailed");
    REST_TOO_MANY_REQUESTS = class("RestClient::TooManyRequests", "RestClient::RequestFailed");
    REST_UNAUTHORIZED = class("RestClient::Unauthorized", "RestClient::RequestFailed");
    REST_UNPROCESSABLE_ENTITY = class("RestClient::UnprocessableEntity", "RestClient::RequestFailed");
    REST_TIMEOUT_ERROR = class("RestClient::Exceptions::Timeout", "RestClient::RequestTimeout");
    REST_OPEN_TIMEOUT = class("RestClient::Exceptions::OpenTimeout", "RestClient::Exceptions::Timeout");
    REST_READ_TIMEOUT = class("RestClient::Exceptions::ReadTimeout", "RestClient::Exceptions::Timeout");
    REST_BROKE_CONNECTION = class("RestClient::ServerBrokeConnection", "RestClient::Exception");
    SDK_ERROR = class("Workato::Connector::Sdk::Error", "StandardError");
    SDK_RUNTIME_ERROR = class("Workato::Connector::Sdk::RuntimeError", "Workato::Connector::Sdk::Error");
    SDK_ARGUMENT_ERROR = class("Workato::Connector::Sdk::ArgumentError", "Workato::Connector::Sdk::Error");
    SDK_INVALID_DEFINITION_ERROR = class("Workato::Connector::Sdk::InvalidDefinitionError", "Workato::Connector::Sdk::Error");
    SDK_INVALID_SCHEMA_ERROR = class("Workato::Connector::Sdk::InvalidSchemaError", "Workato::Connector::Sdk::InvalidDefinitionError");
    SDK_UNEXPECTED_METHOD_DEFINITION_ERROR = class("Workato::Connector::Sdk::UnexpectedMethodDefinitionError", "Workato::Connector::Sdk::InvalidDefinitionError");
    SDK_UNDEFINED_METHOD_ERROR = class("Workato::Connector::Sdk::UndefinedStdLibMethodError", "Workato::Connector::Sdk::RuntimeError");
    SDK_REQUEST_ERROR = class("Workato::Connector::Sdk::RequestError", "Workato::Connector::Sdk::RuntimeError");
    SDK_REQUEST_FAILED_ERROR = class("Workato::Connector::Sdk::RequestFailedError", "Workato::Connector::Sdk::RequestError");
    SDK_REQUEST_TIMEOUT_ERROR = class("Workato::Connector::Sdk::RequestTimeoutError", "Workato::Connector::Sdk::RequestError");
    SDK_REQUEST_TLS_ERROR = class("Workato::Connector::Sdk::RequestTLSCertificateFormatError", "Workato::Connector::Sdk::RequestError");
    SDK_PAYLOAD_FORMAT_ERROR = class("Workato::Connector::Sdk::RequestPayloadFormatError", "Workato::Connector::Sdk::RequestError");
    SDK_JSON_REQUEST_FORMAT_ERROR = class("Workato::Connector::Sdk::JSONRequestFormatError", "Workato::Connector::Sdk::RequestPayloadFormatError");
    SDK_JSON_RESPONSE_FORMAT_ERROR = class("Workato::Connector::Sdk::JSONResponseFormatError", "Workato::Connector::Sdk::RequestPayloadFormatError");
    SDK_XML_REQUEST_FORMAT_ERROR = class("Workato::Connector::Sdk::XMLRequestFormatError", "Workato::Connector::Sdk::RequestPayloadFormatError");
    SDK_XML_RESPONSE_FORMAT_ERROR = class("Workato::Connector::Sdk::XMLResponseFormatError", "Workato::Connector::Sdk::RequestPayloadFormatError");
    SDK_FORM_REQUEST_FORMAT_ERROR = class("Workato::Connector::Sdk::WWWFormURLEncodedRequestFormatError", "Workato::Connector::Sdk::RequestPayloadFormatError");
    SDK_MULTIPART_REQUEST_FORMAT_ERROR = class("Workato::Connector::Sdk::MultipartFormRequestFormatError", "Workato::Connector::Sdk::RequestPayloadFormatError");
    SDK_RAW_RESPONSE_FORMAT_ERROR = class("Workato::Connector::Sdk::RAWResponseFormatError", "Workato::Connector::Sdk::RequestPayloadFormatError");
    SDK_DETECT_ON_ERROR = class("Workato::Connector::Sdk::DetectOnUnauthorizedRequestError", "Workato::Connector::Sdk::Error");
    SDK_INVALID_URI_ERROR = class("Workato::Connector::Sdk::InvalidURIError", "Workato::Connector::Sdk::Error");
    SDK_INVALID_OUTPUT_ERROR = class("Workato::Connector::Sdk::InvalidOutputError", "Workato::Connector::Sdk::Error");
    SDK_INVALID_POLL_OUTPUT_ERROR = class("Workato::Connector::Sdk::InvalidTriggerPollOutputError", "Workato::Connector::Sdk::InvalidOutputError");
    SDK_NO_SUCH_METHOD_ERROR = class("Workato::Connector::Sdk::UndefinedMethodError", "Workato::Connector::Sdk::InvalidDefinitionError");
    SDK_INVALID_MULTI_AUTH_ERROR = class("Workato::Connector::Sdk::InvalidMultiAuthDefinition", "Workato::Connector::Sdk::InvalidDefinitionError");
    SDK_MULTI_AUTH_OPTION_ERROR = class("Workato::Connector::Sdk::UnresolvedMultiAuthOptionError", "Workato::Connector::Sdk::InvalidMultiAuthDefinition");
    SDK_OBJECT_DEFINITION_ERROR = class("Workato::Connector::Sdk::UnresolvedObjectDefinitionError", "Workato::Connector::Sdk::InvalidDefinitionError");
    SDK_CIRCULAR_DEFINITION_ERROR = class("Workato::Connector::Sdk::CircleReferenceObjectDefinitionError", "Workato::Connector::Sdk::InvalidDefinitionError");
    SDK_NOT_IMPLEMENTED_ERROR = class("Workato::Connector::Sdk::NotImplementedError", "StandardError");
    SDK_MISSING_INPUT_ERROR = class("Workato::Connector::Sdk::MissingRequiredInput", "Workato::Connector::Sdk::RuntimeError");
    SDK_JSON_PARSING_ERROR = class("Workato::Connector::Sdk::JSONParsingError", "Workato::Connector::Sdk::Error");
    SDK_ARGUMENT_ENCODING_ERROR = class("Workato::Connector::Sdk::ArgumentEncodingError", "Workato::Connector::Sdk::ArgumentError");
    SDK_NET_LOOKUP_ERROR = class("Workato::Connector::Sdk::NetLookupError", "Workato::Connector::Sdk::Error");
    SDK_CSV_ERROR = class("Workato::Connector::Sdk::CsvError", "Workato::Connector::Sdk::Error");
    SDK_CSV_FORMAT_ERROR = class("Workato::Connector::Sdk::CsvFormatError", "Workato::Connector::Sdk::CsvError");
    SDK_CSV_TOO_BIG_ERROR = class("Workato::Connector::Sdk::CsvFileTooBigError", "Workato::Connector::Sdk::CsvError");
    SDK_CSV_TOO_LONG_ERROR = class("Workato::Connector::Sdk::CsvFileTooManyLinesError", "Workato::Connector::Sdk::CsvError");
    AWS_MISSING_CREDENTIALS_ERROR = class("Aws::Sigv4::Errors::MissingCredentialsError", "ArgumentError");
    NOKOGIRI_ERROR = class("Nokogiri::SyntaxError", "StandardError");
    NOKOGIRI_SYNTAX_ERROR = class("Nokogiri::XML::SyntaxError", "Nokogiri::SyntaxError");
    REXML_ERROR = class("REXML::ParseException", "RuntimeError");
    DISALLOWED_TYPE_ERROR = class("ActiveSupport::XMLConverter::DisallowedType", "StandardError");
}

impl ClassId {
    /// Its place in `CLASSES`.
    pub const fn index(self) -> u64 {
        self.0
    }

    pub fn info(self) -> &'static Class {
        CLASSES.get(self.0 as usize).unwrap_or(&CLASSES[0])
    }

    pub fn name(self) -> &'static str {
        self.info().name
    }

    /// What `name` answers: TimeWithZone gives itself out as Time.
    pub fn public_name(self) -> &'static str {
        if self == Self::TIME_WITH_ZONE { Self::TIME.name() } else { self.name() }
    }

    /// The class with that full name.
    pub fn find(name: &str) -> Option<Self> {
        CLASSES.iter().position(|class| class.name == name).map(|at| Self(at as u64))
    }

    pub fn parent(self) -> Option<Self> {
        Self::find(self.info().parent)
    }

    /// `Class` for classes, `Module` for modules.
    #[must_use]
    pub fn metaclass(self) -> Self {
        if self.info().is_module { Self::MODULE } else { Self::CLASS }
    }

    /// The class itself, its superclasses and every module they include, nearest first.
    pub fn ancestors(self) -> Vec<Self> {
        let mut all = Vec::new();
        let mut next = Some(self);
        while let Some(class) = next {
            all.push(class);
            all.extend(class.info().includes.iter().filter_map(|name| Self::find(name)));
            next = class.parent();
        }
        all
    }

    /// `self <= other`: the same, a subclass, or including that module.
    pub fn is_a(self, other: Self) -> bool {
        let mut next = Some(self);
        while let Some(class) = next {
            if class == other || class.info().includes.contains(&other.name()) {
                return true;
            }
            next = class.parent();
        }
        false
    }

    pub fn is_exception(self) -> bool {
        self.is_a(Self::EXCEPTION)
    }
}
