# The package that `npm pack` makes, with the versions of package-lock.json: compose.yaml runs it.
FROM node:22-slim AS build
WORKDIR /checkout
COPY package.json package-lock.json .npmrc ./
RUN npm ci --ignore-scripts
COPY . .
RUN npm run build \
  && npm pack --ignore-scripts --pack-destination /tmp \
  && mkdir /lakebook \
  && tar -xzf /tmp/lakebook-*.tgz -C /lakebook --strip-components 1 \
  && cp package-lock.json .npmrc /lakebook/ \
  && npm ci --omit=dev --ignore-scripts --prefix /lakebook

FROM node:22-slim
ENV NODE_ENV=production
COPY --from=build /lakebook /lakebook
# Whatever user it runs as makes the private state there.
RUN ln -s /lakebook/server/bin/lakebook.js /usr/local/bin/lakebook \
  && install -d -m 1777 /workspace \
  && install -d -o node -g node /workspace/notebooks /workspace/input /workspace/data_lake
USER node
WORKDIR /workspace
VOLUME /workspace
EXPOSE 8080
# At whatever address the server says that it is; a certificate is for others to judge.
HEALTHCHECK --interval=10s --start-period=30s \
  CMD NODE_NO_WARNINGS=1 NODE_TLS_REJECT_UNAUTHORIZED=0 node -e "const { url } = JSON.parse(fs.readFileSync('.lakebook/server.json', 'utf8')); fetch(url + '/healthz').then(({ ok }) => process.exit(ok ? 0 : 1), () => process.exit(1))"
ENTRYPOINT ["lakebook"]
# Refused without a token and TLS or a proxy: other machines may reach what a container listens on.
CMD ["serve", "--host", "0.0.0.0"]
