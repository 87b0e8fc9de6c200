/** https://github.com/cloudevents/spec/blob/v1.0.2/cloudevents/bindings/http-protocol-binding.md, structured mode */
export const EVENT_TYPE = 'application/cloudevents+json; charset=utf-8';
