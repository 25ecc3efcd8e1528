// A replay: the records of a training run, read while they arrive (explore/replay_bytes.py says how they are packed).
(() => {
  const ARRAYS = { uint8: Uint8Array, uint16: Uint16Array };

  // The bytes of one record -> its numbers, and each array as {shape, values}.
  const unpack = (buffer, jsonLength) => {
    const numbers = JSON.parse(new TextDecoder().decode(new Uint8Array(buffer, 8, jsonLength)));
    const arrays = {};
    for (const [name, { dtype, shape, offset, low, scale }] of Object.entries(numbers.arrays)) {
      const count = shape.reduce((product, side) => product * side, 1);
      const stored = new ARRAYS[dtype](buffer, 8 + jsonLength + offset, count);
      // Images stay bytes, as a canvas takes them.
      arrays[name] = { shape, values: dtype === "uint8" ? stored : Float32Array.from(stored, (level) => low + scale * level) };
    }
    return { ...numbers, ...arrays };
  };

  // What has arrived, cut into records; the rest of an unfinished one waits for more.
  class Records {
    waiting = new Uint8Array(0);

    *take(bytes) {
      const all = new Uint8Array(this.waiting.length + bytes.length);
      all.set(this.waiting);
      all.set(bytes, this.waiting.length);
      let place = 0;
      while (all.length - place >= 8) {
        const lengths = new DataView(all.buffer, place, 8);
        const [json, values] = [lengths.getUint32(0, true), lengths.getUint32(4, true)];
        const end = place + 8 + json + values;
        if (all.length < end) break;
        yield unpack(all.buffer.slice(place, end), json);
        place = end;
      }
      this.waiting = all.slice(place);
    }
  }

  // An Error that is a sentence for a person, of a response that is no replay.
  const refusal = async (response) => {
    if (response.status === 409) aedemo.renew();
    const type = response.headers.get("content-type") ?? "";
    const message = response.status === 404 && type.startsWith("text/plain") ? await response.text() : aedemo.failure(response.status, type);
    return message && new Error(message);
  };

  aedemo.replayBody ??= (response) => response.body; // a static edition unzips it

  // Asks for a replay and hands over each record as it arrives; ends after the last one.
  aedemo.readReplay = async (path, body, signal, take) => {
    aedemo.checkReplay?.(path); // not all that can be chosen is in a static edition
    let response;
    try {
      response = await fetch(aedemo.address(path), { signal, ...(body && { method: "POST", body }) });
    } catch (error) {
      throw signal.aborted ? error : new Error(aedemo.failure(0));
    }
    const refused = await refusal(response);
    if (refused) throw refused;
    const [records, reader] = [new Records(), aedemo.replayBody(response).getReader()];
    let ended = false;
    while (true) {
      const { done, value } = await reader.read().catch((error) => {
        throw signal.aborted ? error : new Error(aedemo.failure(0));
      });
      if (done) break;
      for (const record of records.take(value)) {
        ended = record.kind === "end";
        take(record);
      }
    }
    if (!ended) throw new Error(aedemo.failure(0));
  };

  // Files -> the images that are made of them, as a record; sent once, and kept by this page alone.
  aedemo.smallImages = async (files) => {
    const form = new FormData();
    for (const file of files) form.append("files", file);
    const response = await aedemo.reach(aedemo.address("/training/images"), { method: "POST", body: form });
    const refused = await refusal(response);
    if (refused) throw refused;
    const [record] = new Records().take(new Uint8Array(await response.arrayBuffer()));
    return record;
  };
})();
